package differential

import "fmt"

// accounts are requests by mail and their confirmations. Mails are taken by a
// server of the tests.
func accounts() (out []request) {
	for _, collection := range []string{"users", "clients", "nologin", "demo2", "missing"} {
		at := "/api/collections/" + collection
		for _, action := range []string{"request-password-reset", "request-verification"} {
			for i, body := range []string{`{"email":"test@example.com"}`, `{"email":"missing@example.com"}`, `{"email":"none"}`, `{"email":""}`, `{}`, `{"email":1}`, `{"email":"test3@example.com"}`} {
				out = append(out, request{name: fmt.Sprintf("%s of %s %d", action, collection, i), path: at + "/" + action, body: body})
			}
		}
		for i, body := range []string{`{"newEmail":"next@example.com"}`, `{"newEmail":"test2@example.com"}`, `{"newEmail":"test@example.com"}`, `{"newEmail":"none"}`, `{}`} {
			out = append(out, each([]caller{guest, user}, request{name: fmt.Sprintf("request-email-change of %s %d", collection, i), path: at + "/request-email-change", body: body})...)
		}
		for action, token := range sorted(map[string]string{"confirm-password-reset": data.reset, "confirm-verification": data.verification, "confirm-email-change": data.emailChange}) {
			for i, body := range []string{`{}`, `{"token":"x"}`, `{"token":"","password":"","passwordConfirm":""}`, `{"token":"` + data.expired + `","password":"12345678","passwordConfirm":"12345678"}`} {
				out = append(out, request{name: fmt.Sprintf("%s of %s %d", action, collection, i), path: at + "/" + action, body: body})
			}
			if collection != "users" {
				out = append(out, request{name: action + " elsewhere, of " + collection, path: at + "/" + action, body: fmt.Sprintf(`{"token":%q,"password":"12345678","passwordConfirm":"12345678"}`, token)})
			}
		}
	}
	return append(out, confirmed()...)
}

// confirmed has tokens that hold, in an order in which each still does.
func confirmed() []request {
	const at = "/api/collections/users/"
	signIn := func(name, identity, password string) request {
		return request{name: name, path: at + "auth-with-password", body: fmt.Sprintf(`{"identity":%q,"password":%q}`, identity, password)}
	}
	reset := fmt.Sprintf(`{"token":%q,"password":"12345678","passwordConfirm":"12345678"}`, data.reset)
	change := fmt.Sprintf(`{"token":%q,"password":%q}`, data.emailChange, password)
	verify := fmt.Sprintf(`{"token":%q}`, data.verification)
	return []request{
		signIn("before a reset", "test2@example.com", password),
		{name: "reset with another confirmation", path: at + "confirm-password-reset", body: fmt.Sprintf(`{"token":%q,"password":"12345678","passwordConfirm":"87654321"}`, data.reset)},
		{name: "reset", path: at + "confirm-password-reset", body: reset}, {name: "reset again", path: at + "confirm-password-reset", body: reset},
		signIn("with the old password", "test2@example.com", password), signIn("with the new password", "test2@example.com", "12345678"),
		{name: "with the new token", path: users + "/oap640cot4yru2s", header: []string{"Authorization: {{with the new password: token}}"}},
		{name: "address changed with a wrong password", path: at + "confirm-email-change", body: fmt.Sprintf(`{"token":%q,"password":"wrong"}`, data.emailChange)},
		{name: "address changed", path: at + "confirm-email-change", body: change}, {name: "address changed again", path: at + "confirm-email-change", body: change},
		signIn("with the old address", "test3@example.com", password), signIn("with the new address", "changed@example.com", password),
		{name: "verified", path: at + "confirm-verification", body: verify}, {name: "verified again", path: at + "confirm-verification", body: verify},
		signIn("verified, signed in", "test@example.com", password),
		{name: "verified, read", path: users + "/" + userID, header: []string{"Authorization: {{verified, signed in: token}}"}},
	}
}
