package differential

import "strings"

func files() (out []request) {
	const at = "/api/files/"
	out = each([]caller{guest, user, expired},
		request{name: "text", path: at + "demo1/84nmscqy84lsi1t/test_QZFjKjXchk.txt"},
		request{name: "image", path: at + "demo1/84nmscqy84lsi1t/300_WlbFWSGmW9.png"},
		request{name: "drawing", path: at + "demo1/84nmscqy84lsi1t/logo_vcfJJG5TAh.svg"},
		request{name: "of a user", path: at + "users/oap640cot4yru2s/test_kfd2wYLxkz.txt"},
		request{name: "of a user, by the collection's id", path: at + "_pb_users_auth_/oap640cot4yru2s/test_kfd2wYLxkz.txt"},
		request{name: "by a name in another case", path: at + "USERS/oap640cot4yru2s/test_kfd2wYLxkz.txt"},
		request{name: "of a view", path: at + "view2/84nmscqy84lsi1t/300_WlbFWSGmW9.png"},
		request{name: "protected", path: at + "demo1/84nmscqy84lsi1t/test_d61b33QdDU.txt"},
		request{name: "protected, of a view", path: at + "view1/84nmscqy84lsi1t/test_d61b33QdDU.txt"},
		request{name: "not stored", path: at + "demo3/lcl9d87w22ml6jy/test_FLurQTgrY8.txt"},
		request{name: "of another record", path: at + "demo1/al1h9ijdeojtsjy/test_QZFjKjXchk.txt"},
		request{name: "of no record", path: at + "demo1/missing/test_QZFjKjXchk.txt"},
		request{name: "of no collection", path: at + "missing/84nmscqy84lsi1t/test_QZFjKjXchk.txt"},
		request{name: "in another case", path: at + "demo1/84nmscqy84lsi1t/TEST_QZFjKjXchk.txt"},
		request{name: "token", method: "POST", path: at + "token"},
	)
	for _, q := range []string{
		"thumb=100x100", "thumb=70x50", "thumb=70x50t", "thumb=0x50", "thumb=1x1", "thumb=../x", "thumb=", "thumb=100x100&download=1", "download=1", "download=true",
		"download=0", "download", "download=maybe", "token=", "token=x", "v=1&token=x",
	} {
		out = append(out,
			request{name: "avatar ?" + q, path: at + "users/" + userID + "/300_1SEi6Q6U72.png?" + q},
			request{name: "text ?" + q, path: at + "demo1/84nmscqy84lsi1t/test_QZFjKjXchk.txt?" + q},
			request{name: "protected ?" + q, path: at + "demo1/84nmscqy84lsi1t/test_d61b33QdDU.txt?" + q})
	}
	for _, header := range []string{
		"Range: bytes=0-9", "Range: bytes=-5", "Range: bytes=5-", "Range: bytes=0-0,2-3", "Range: bytes=9999999-", "Range: lines=1-2", "Range: bytes=x",
		"Range: bytes=0-9\nIf-Range: Mon, 02 Jan 2006 15:04:05 GMT",
		"If-Modified-Since: Mon, 02 Jan 2006 15:04:05 GMT", "If-Modified-Since: Mon, 02 Jan 2090 15:04:05 GMT", "If-Unmodified-Since: Mon, 02 Jan 2006 15:04:05 GMT",
		"If-None-Match: *", `If-None-Match: "x"`, `If-Match: "x"`,
		"If-Modified-Since: nonsense", "Accept-Encoding: gzip", "Accept: text/html", "Origin: https://app.example.com",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			out = append(out, request{name: method + " image with " + header, method: method, path: at + "demo1/84nmscqy84lsi1t/300_WlbFWSGmW9.png", header: strings.Split(header, "\n")})
		}
	}
	return append(out, protectedFiles()...)
}

// protectedFiles are asked for with tokens that the sides gave themselves.
func protectedFiles() []request {
	with := func(name string) request {
		return request{name: "paper with " + name, path: "/api/files/members/member000000001/{{paper: paper}}?token={{" + name + ": token}}"}
	}
	out := []request{
		{name: "paper", path: "/api/collections/members/records", header: []string{formType}, body: form(
			part{name: "id", text: "paper0000000001"}, part{name: "email", text: "paper@example.com"}, part{name: "password", text: "12345678"},
			part{name: "passwordConfirm", text: "12345678"}, part{name: "paper", file: "paper.txt", text: "on paper"})},
		{name: "paper without a token", path: "/api/files/members/paper0000000001/{{paper: paper}}"},
		{name: "paper with a header", as: user, path: "/api/files/members/paper0000000001/{{paper: paper}}"},
	}
	for _, name := range []string{"token, user", "token, guest", "token, expired"} {
		r := with(name)
		r.path = "/api/files/members/paper0000000001/{{paper: paper}}?token={{" + name + ": token}}"
		out = append(out, r)
	}
	return out
}
