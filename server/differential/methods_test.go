package differential

import "strings"

// routes are all that Hapta has in common with PocketBase.
var routes = []string{
	demo2, demo2 + "/llvuca81nly1qls", "/api/collections/users/auth-methods", "/api/collections/users/auth-with-password", "/api/collections/users/auth-refresh",
	"/api/collections/users/request-password-reset", "/api/collections/users/confirm-password-reset", "/api/collections/users/request-verification",
	"/api/collections/users/confirm-verification",
	"/api/collections/users/request-email-change", "/api/collections/users/confirm-email-change", "/api/files/demo1/84nmscqy84lsi1t/300_WlbFWSGmW9.png",
	"/api/files/token", "/api/health", "/", "/missing",
}

func methods() (out []request) {
	for _, path := range routes {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS", "TRACE", "FOO", "get", "DELETE"} {
			out = append(out, request{name: method + " " + path, method: method, path: path})
		}
		out = append(out, request{name: "HEAD as a user " + path, as: user, method: "HEAD", path: path})
	}
	for _, path := range []string{"/api/realtime", "/api/batch"} {
		for _, method := range []string{"HEAD", "PUT", "PATCH", "OPTIONS", "TRACE", "FOO", "DELETE"} {
			out = append(out, request{name: method + " " + path, method: method, path: path})
		}
	}
	return append(out, origins()...)
}

// origins are requests of pages on other origins.
func origins() (out []request) {
	for _, path := range []string{demo2, "/api/collections/users/auth-with-password", "/api/files/demo1/84nmscqy84lsi1t/300_WlbFWSGmW9.png", "/api/files/token", "/missing"} {
		for what, header := range sorted(map[string]string{
			"an origin": "Origin: https://app.example.com", "a null origin": "Origin: null", "an empty origin": "Origin:",
			"an origin and credentials": "Origin: https://app.example.com\nCookie: a=b", "two origins": "Origin: https://a.example.com\nOrigin: https://b.example.com",
		}) {
			lines := strings.Split(header, "\n")
			out = append(out, request{name: "GET with " + what + " " + path, path: path, header: lines})
			lines = append(lines, "Access-Control-Request-Method: PATCH", "Access-Control-Request-Headers: authorization, x-custom")
			out = append(out, request{name: "preflight with " + what + " " + path, method: "OPTIONS", path: path, header: lines})
		}
		out = append(out, request{name: "preflight without a method " + path, method: "OPTIONS", path: path, header: []string{"Origin: https://app.example.com"}})
	}
	return append(out,
		request{name: "error with an origin", path: demo2, header: []string{"Origin: https://app.example.com"}, body: `{}`},
		request{name: "created with an origin", path: demo2, header: []string{"Origin: https://app.example.com"}, body: `{"title":"origin"}`})
}
