package differential

import (
	"fmt"
	"strings"
)

const (
	demo2, demo3, demo4, demo5 = "/api/collections/demo2/records", "/api/collections/demo3/records", "/api/collections/demo4/records", "/api/collections/demo5/records"
	users, nologin, members    = "/api/collections/users/records", "/api/collections/nologin/records", "/api/collections/members/records"
)

func recordsWrite() (out []request) {
	out = append(out, each([]caller{guest, user, client},
		request{name: "create demo1", path: "/api/collections/demo1/records", body: `{"text":"x"}`},
		request{name: "create demo2", path: demo2, body: `{"title":"new"}`},
		request{name: "create demo3", path: demo3, body: `{"title":"new"}`},
		request{name: "create demo4", path: demo4, body: `{"title":"new","rel_one_no_cascade_required":"lcl9d87w22ml6jy","rel_many_no_cascade_required":["lcl9d87w22ml6jy"]}`},
		request{name: "create demo5", path: demo5 + "?expand=rel_one,rel_many.self_rel_one", body: `{"total":3,"rel_one":"i9naidtvr6qsgb4","rel_many":["qzaqccwrmva4o1n"]}`},
		request{name: "create in a view", path: "/api/collections/view2/records", body: `{"state":true}`},
		request{name: "create in a missing one", path: "/api/collections/missing/records", body: `{"title":"x"}`},
		request{name: "update demo2", method: "PATCH", path: demo2 + "/llvuca81nly1qls", body: `{"title":"changed"}`},
		request{name: "update demo3", method: "PATCH", path: demo3 + "/7nwo8tuiatetxdm", body: `{"title":"changed"}`},
		request{name: "update demo5", method: "PATCH", path: demo5 + "/la4y2w4o98acwuj", body: `{"total":3}`},
		request{name: "update a view", method: "PATCH", path: "/api/collections/view2/records/84nmscqy84lsi1t", body: `{"state":true}`},
		request{name: "update a missing one", method: "PATCH", path: demo2 + "/missing", body: `{"title":"changed"}`},
		request{name: "update a user", method: "PATCH", path: users + "/bgs820n361vj1qd", body: `{"name":"changed"}`},
		request{name: "delete a user", method: "DELETE", path: users + "/bgs820n361vj1qd"},
		request{name: "delete demo3 with relations", method: "DELETE", path: demo3 + "/lcl9d87w22ml6jy"},
		request{name: "delete from a view", method: "DELETE", path: "/api/collections/view2/records/84nmscqy84lsi1t"},
		request{name: "delete a missing one", method: "DELETE", path: demo2 + "/missing"},
		request{name: "delete demo5", method: "DELETE", path: demo5 + "/missing?test=1", body: `{"ignored":true}`},
	)...)
	out = append(out, createBodies()...)
	out = append(out, modified()...)
	out = append(out, accountsWritten()...)
	return append(out, inOrder()...)
}

// createBodies are bodies of every kind, for a collection without rules.
func createBodies() (out []request) {
	for i, body := range []string{
		`{}`, `{"title":""}`, `{"title":null}`, `{"title":1}`, `{"title":true}`, `{"title":["a","b"]}`, `{"title":{"a":1}}`, `{"title":"x"}`,
		`{"title":"ok","active":"yes"}`, `{"title":"ok","active":"true"}`, `{"title":"ok","active":1}`, `{"title":"ok","active":null}`,
		`{"title":"ok","unknown":1}`, `{"title":"ok","collectionId":"x","collectionName":"y"}`, `{"title":"ok","created":"2000-01-01 00:00:00.000Z"}`,
		`{"title":"ok","expand":{"a":1}}`, `{"title":"ok","id":""}`, `{"title":"ok","id":null}`, `{"title":"ok","id":"short"}`,
		`{"title":"ok","id":"` + strings.Repeat("a", 16) + `"}`, `{"title":"ok","id":"` + strings.Repeat("a", 5000) + `"}`, `{"title":"ok","id":"ABCDEFGHIJKLMNO"}`,
		`{"title":"ok","id":"llvuca81nly1qls"}`, `{"title":"ok","id":"chosen000000001"}`, `{"title":"ok","id":"chosen000000001"}`, `{"title":"ok","id":123456789012345}`,
		`{"title":"` + strings.Repeat("long ", 2000) + `"}`, `{"title":"line\nline\u0000\u2028<&>\u00e9😀"}`, `{"TITLE":"upper","title":"lower"}`, `{"Title":"only upper"}`,
		`{"title+":"suffix"}`, `{"title":"ok","active+":true}`, `{"+title":"ok"}`, `{"title:autogenerate":"x"}`, `{"id:autogenerate":"x","title":"ok"}`,
		`{"title":1e400}`, `{"title":12345678901234567890}`, `{"title":1.10}`, `{"title":-0}`, `[]`, `[{"title":"ok"}]`, `"title"`, `null`, `1`, `true`,
	} {
		out = append(out, request{name: fmt.Sprintf("create demo2 by body %d %.40s", i, body), path: demo2, body: body})
	}
	return out
}

// modified are fields with modifiers, on fields of every type.
func modified() (out []request) {
	for i, body := range []string{
		`{"self_rel_many+":"qzaqccwrmva4o1n"}`, `{"+self_rel_many":["i9naidtvr6qsgb4"]}`, `{"self_rel_many-":"qzaqccwrmva4o1n"}`,
		`{"self_rel_many":[],"self_rel_many+":"qzaqccwrmva4o1n"}`,
		`{"self_rel_one+":"qzaqccwrmva4o1n"}`, `{"self_rel_one-":"qzaqccwrmva4o1n"}`, `{"title+":"x"}`, `{"title-":"x"}`, `{"json_object+":{"b":1}}`, `{"json_array":"[1,2]"}`,
		`{"json_array":"text"}`, `{"json_array":null}`, `{"json_object":{"a":{"b":[1,{"c":null}]},"z":1.50,"y":9007199254740993}}`, `{"self_rel_many":"i9naidtvr6qsgb4"}`,
		`{"self_rel_many":["missing"]}`, `{"rel_many_no_cascade_required":[]}`, `{"rel_one_no_cascade_required":""}`, `{"self_rel_one":["qzaqccwrmva4o1n","i9naidtvr6qsgb4"]}`,
	} {
		out = append(out, request{name: fmt.Sprintf("modify demo4 %d %.40s", i, body), as: user, method: "PATCH", path: demo4 + "/i9naidtvr6qsgb4?expand=self_rel_many", body: body})
	}
	for i, body := range []string{
		`{"total":3}`, `{"total+":1}`, `{"total-":1}`, `{"total":3,"total+":2}`, `{"total":"3"}`, `{"total":"three"}`, `{"total":null}`, `{"total":3,"select_many+":"a"}`,
		`{"total":3,"select_many-":["a","b"]}`, `{"total":3,"select_many":["a","a"]}`, `{"total":3,"select_many":["z"]}`, `{"total":3,"select_one":["a","b"]}`,
		`{"total":3,"select_one":""}`, `{"total":3,"file":"missing.txt"}`, `{"total":3,"file":""}`, `{"total":3,"file-":"300_uh_lkx91_hvb_Da8K5pl069.png"}`, `{"total":3,"file":["x"]}`,
	} {
		out = append(out, request{name: fmt.Sprintf("modify demo5 %d %.40s", i, body), method: "PATCH", path: demo5 + "/la4y2w4o98acwuj", body: body})
	}
	return out
}

// accountsWritten are auth records as records.
func accountsWritten() []request {
	const ok = `"password":"12345678","passwordConfirm":"12345678"`
	out := []request{
		{name: "sign up", path: users, body: `{"email":"new@example.com","username":"newcomer",` + ok + `}`},
		{name: "sign up twice", path: users, body: `{"email":"new@example.com","username":"newcomer",` + ok + `}`},
		{name: "sign up without confirmation", path: users, body: `{"username":"second","password":"12345678"}`},
		{name: "sign up with another confirmation", path: users, body: `{"username":"second","password":"12345678","passwordConfirm":"87654321"}`},
		{name: "sign up with a short password", path: users, body: `{"username":"second","password":"1","passwordConfirm":"1"}`},
		{name: "sign up with a long password", path: users, body: fmt.Sprintf(`{"username":"second","password":"%[1]s","passwordConfirm":"%[1]s"}`, strings.Repeat("x", 100))},
		{name: "sign up without a password", path: users, body: `{"username":"second"}`},
		{name: "sign up verified", path: users, body: `{"username":"second","verified":true,` + ok + `}`},
		{name: "sign up with a token key", path: users, body: `{"username":"third","tokenKey":"` + strings.Repeat("k", 40) + `",` + ok + `}`},
		{name: "sign up with a bad address", path: users, body: `{"username":"fourth","email":"none",` + ok + `}`},
		{name: "sign up with a bad name", path: users, body: `{"username":"? ?",` + ok + `}`},
		{name: "sign up visibly", path: nologin, body: `{"username":"visible","email":"visible@example.com","emailVisibility":true,` + ok + `}`},
		{name: "sign up invisibly", path: nologin, body: `{"username":"invisible","email":"invisible@example.com",` + ok + `}`},
	}
	mine := users + "/" + userID
	return append(out,
		request{name: "rename myself", as: user, method: "PATCH", path: mine, body: `{"name":"renamed"}`},
		request{name: "rename myself as a guest", method: "PATCH", path: mine, body: `{"name":"renamed"}`},
		request{name: "verify myself", as: user, method: "PATCH", path: mine, body: `{"verified":true}`},
		request{name: "change my address", as: user, method: "PATCH", path: mine, body: `{"email":"other@example.com"}`},
		request{name: "show my address", as: user, method: "PATCH", path: mine, body: `{"emailVisibility":true}`},
		request{name: "change my token key", as: user, method: "PATCH", path: mine, body: `{"tokenKey":"x","tokenKey:autogenerate":""}`},
		request{name: "change my password without the old one", as: user, method: "PATCH", path: mine, body: `{` + ok + `}`},
		request{name: "change my password with a wrong one", as: user, method: "PATCH", path: mine, body: `{"oldPassword":"wrong",` + ok + `}`},
		request{name: "manage another", as: user, method: "PATCH", path: nologin + "/oos036e9xvqeexy", body: `{"email":"managed@example.com","verified":true,` + ok + `}`},
		request{name: "manage another as a guest", method: "PATCH", path: nologin + "/oos036e9xvqeexy", body: `{"email":"again@example.com","verified":false}`},
	)
}

// inOrder are requests that build on those before.
func inOrder() []request {
	return []request{
		{name: "made", path: demo2 + "?fields=id,title", body: `{"title":"made"}`},
		{name: "made and read", path: demo2 + "/{{made: id}}"},
		{name: "made and changed", method: "PATCH", path: demo2 + "/{{made: id}}?fields=title", body: `{"title":"{{made: id}}"}`},
		{name: "made and named", path: demo2 + "?sort=title", body: `{"title":"{{made: id}}"}`},
		{name: "made and deleted", method: "DELETE", path: demo2 + "/{{made: id}}"},
		{name: "made and gone", path: demo2 + "/{{made: id}}"},
		{name: "made and deleted again", method: "DELETE", path: demo2 + "/{{made: id}}"},
		{name: "all of demo2 in the end", path: demo2 + "?perPage=500&sort=@rowid"},
		{name: "all of demo4 in the end", path: demo4 + "?perPage=500&expand=self_rel_many"},
		{name: "all of nologin in the end", path: nologin},
		{name: "password changed", as: user, method: "PATCH", path: users + "/" + userID, body: `{"oldPassword":"1234567890","password":"0987654321","passwordConfirm":"0987654321"}`},
		{name: "password changed, then read", as: user, path: users + "/" + userID},
		{name: "password changed, then refreshed", as: user, method: "POST", path: "/api/collections/users/auth-refresh"},
		{name: "client goes on", as: client, path: demo3},
		{name: "deleted with what it was required by", method: "DELETE", path: demo4 + "/qzaqccwrmva4o1n"},
		{name: "deleted by its query", method: "DELETE", path: demo5 + "/la4y2w4o98acwuj?test=1"},
		{name: "deleted by its query without it", method: "DELETE", path: demo5 + "/qjeql998mtp1azp"},
		{name: "signed up", path: users, body: `{"email":"brief@example.com","username":"brief","password":"12345678","passwordConfirm":"12345678"}`},
		{name: "signed in", path: "/api/collections/users/auth-with-password", body: `{"identity":"brief@example.com","password":"12345678"}`},
		{name: "deleted myself", method: "DELETE", path: users + "/{{signed up: id}}", header: []string{"Authorization: {{signed in: token}}"}},
		{name: "deleted, then refreshed", method: "POST", path: "/api/collections/users/auth-refresh", header: []string{"Authorization: {{signed in: token}}"}},
	}
}
