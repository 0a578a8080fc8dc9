package differential

import "fmt"

func auth() (out []request) {
	for _, collection := range []string{"users", "clients", "nologin", "members", "demo2", "missing"} {
		at := "/api/collections/" + collection
		out = append(out, each([]caller{guest, user, client},
			request{name: "auth-methods of " + collection, path: at + "/auth-methods"},
			request{name: "refresh in " + collection, method: "POST", path: at + "/auth-refresh"},
			request{name: "refresh with fields in " + collection, method: "POST", path: at + "/auth-refresh?fields=token,record.id"},
			request{name: "sign in to " + collection, path: at + "/auth-with-password", body: `{"identity":"test@example.com","password":"1234567890"}`},
			request{name: "sign in wrongly to " + collection, path: at + "/auth-with-password", body: `{"identity":"test@example.com","password":"wrong"}`},
		)...)
	}
	for i, body := range []string{
		`{}`, `{"identity":"","password":""}`, `{"identity":"users75657","password":"1234567890"}`, `{"identity":"USERS75657","password":"1234567890"}`,
		`{"identity":"TEST@example.com","password":"1234567890"}`,
		`{"identity":"test@example.com","password":1234567890}`, `{"identity":["test@example.com"],"password":"1234567890"}`,
		`{"identity":"test@example.com","password":"1234567890","identityField":"email"}`,
		`{"identity":"test@example.com","password":"1234567890","identityField":"username"}`, `{"identity":"test@example.com","password":"1234567890","identityField":"id"}`,
		`{"identity":null,"password":null}`,
		`{"Identity":"test@example.com","PASSWORD":"1234567890"}`, `{"identity":"missing@example.com","password":"1234567890"}`,
		`{"identity":"test@example.com","password":"1234567890","mfaId":"x"}`, `{"identity":"test@example.com","password":"1234567890","unknown":1}`,
	} {
		out = append(out, request{name: fmt.Sprintf("sign in by body %d %.60s", i, body), path: "/api/collections/users/auth-with-password", body: body})
	}
	for _, q := range []string{
		"fields=token", "fields=record.id,token", "fields=record", "fields=missing", "fields=*", "expand=rel", "expand=rel&fields=record.expand.rel.title", "expand=missing", "fields=record.name:excerpt(2)", "identity=x", "%zz",
	} {
		out = append(out,
			request{name: "sign in ?" + q, path: "/api/collections/users/auth-with-password?" + q, body: `{"identity":"test@example.com","password":"1234567890"}`},
			request{name: "refresh ?" + q, as: user, method: "POST", path: "/api/collections/users/auth-refresh?" + q},
			request{name: "auth-methods ?" + q, path: "/api/collections/users/auth-methods?" + q})
	}
	const superusers = "/api/collections/_superusers/"
	out = append(out, each(everyone,
		request{name: "not for clients: auth-methods of superusers", path: superusers + "auth-methods"},
		request{name: "not for clients: refresh of superusers", method: "POST", path: superusers + "auth-refresh"},
		request{name: "not for clients: signing in as a superuser", path: superusers + "auth-with-password", body: `{"identity":"test@example.com","password":"1234567890"}`},
		request{name: "not for clients: signing in wrongly as a superuser", path: superusers + "auth-with-password", body: `{"identity":"test@example.com","password":"wrong"}`})...)
	return append(out, otherWays()...)
}

func otherWays() (out []request) {
	out = append(out,
		request{name: "by form", path: "/api/collections/users/auth-with-password", header: []string{urlType}, body: "identity=test%40example.com&password=1234567890"},
		request{name: "by multipart", path: "/api/collections/users/auth-with-password", header: []string{formType},
			body: form(part{name: "identity", text: "test@example.com"}, part{name: "password", text: "1234567890"})},
		request{name: "an unverified client", path: "/api/collections/clients/auth-with-password", body: `{"identity":"test2@example.com","password":"1234567890"}`},
		request{name: "a second factor asked for", path: "/api/collections/members/auth-with-password", body: `{"identity":"member@example.com","password":"1234567890"}`},
		request{name: "bearer", path: users + "/" + userID, header: []string{"Authorization: Bearer {{sign in to users, guest: token}}"}},
		request{name: "a token of a second sign-in", path: users + "/" + userID, header: []string{"Authorization: {{sign in to users, guest: token}}"}},
		request{name: "a refreshed token", path: users + "/" + userID, header: []string{"Authorization: {{refresh in users, user: token}}"}},
		request{name: "a file token as a token", path: users + "/" + userID, header: []string{"Authorization: x.y.z"}},
	)
	return append(out, asked()...)
}

// asked are ways to sign in that begin somewhere else: in a mail, at a provider.
func asked() (out []request) {
	for _, collection := range []string{"users", "clients", "members", "demo2"} {
		at := "/api/collections/" + collection
		out = append(out,
			request{name: "an OTP asked for of " + collection, path: at + "/request-otp", body: `{"email":"missing@example.com"}`},
			request{name: "OTP to " + collection, path: at + "/auth-with-otp", body: `{"otpId":"x","password":"y"}`},
			request{name: "OAuth2 to " + collection, path: at + "/auth-with-oauth2", body: `{"provider":"gitlab","code":"x","redirectURL":"http://localhost"}`})
	}
	for _, way := range []string{"request-otp", "auth-with-otp", "auth-with-oauth2"} {
		out = append(out, request{name: way + " of missing", path: "/api/collections/missing/" + way, body: `{}`})
	}
	for i, query := range []string{"", "?state=x&code=y", "?code=y", "?state=&code=y", "?state=x&error=access_denied", "?state=x&state=y", "?%zz&state=x", "?state=x%0d%0aLocation:%20y"} {
		for _, method := range []string{"GET", "HEAD", "POST"} {
			out = append(out, request{name: fmt.Sprintf("%s back from a provider %d", method, i), method: method, path: "/api/oauth2-redirect" + query})
		}
	}
	for i, body := range []string{"state=x&code=y", "state=x&code=%zz", "state", "code=y&user=%7B%7D"} {
		out = append(out, request{name: fmt.Sprintf("back from a provider by form %d", i), path: "/api/oauth2-redirect", header: []string{urlType}, body: body})
	}
	return append(out,
		request{name: "back from a provider by JSON", path: "/api/oauth2-redirect", body: `{"state":"x","code":"y"}`},
		request{name: "back from a provider by broken JSON", path: "/api/oauth2-redirect", body: `{"state"`},
		request{name: "back from a provider by multipart", path: "/api/oauth2-redirect", header: []string{formType}, body: form(part{name: "state", text: "x"})})
}
