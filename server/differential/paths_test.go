package differential

// paths are ways that lead nowhere, and odd ways to somewhere.
func paths() (out []request) {
	for _, path := range []string{
		"/api", "/api/", "/API/health", "/api/health/", "/api/health/x", "/api/healthy", "/api/collections/", "/api/collections/demo2/", "/api/collections/demo2/records/",
		"/api/collections/demo2/records/llvuca81nly1qls/", "/api/collections/demo2/records/llvuca81nly1qls/x", "/api/collections/demo2/Records", "/api/files", "/api/files/",
		"/api/files/demo1",
		"/api/files/demo1/84nmscqy84lsi1t", "/api/files/demo1/84nmscqy84lsi1t/", "/api/files/demo1/84nmscqy84lsi1t/x/y", "/api/files/missing/x/y", "/api/realtime/",
		"/api/batch/", "/api/collections/users/missing",
		"/api/collections/users/auth-methods/", "/missing/deeper", "/index.html", "/favicon.ico", "/robots.txt", "/api/collections/missing/auth-methods",
		"/api/collections/demo2/auth-methods",
		"/api/health?", "/api/collections/demo2/records/a%20b", "/api/collections/demo2/records/é", "/api/collections/%ff/records", "/api/collections/demo2/records/%ff",
	} {
		for _, method := range []string{"GET", "POST", "OPTIONS"} {
			out = append(out, request{name: method + " " + path, method: method, path: path})
		}
	}
	for _, path := range []string{
		"//api/health", "/api//health", "/api/./health", "/api/../api/health", "/api/health/..", "/api/health/.", "/api%2Fhealth", "/api/collections/demo2%2Frecords",
		"/api/health;x", `/api\health`, "/api/health%00",
		"/api/health%3F", "/api/collections/demo2/records/a%2Fb", "/api/collections/demo2/records/..", "/api/collections/demo2/records/%2e%2e",
		"/api/collections/demo2/records/%zz", "/api/collections//records",
		"/api/files/demo1/84nmscqy84lsi1t/a%2Fb", "/api/collections/demo2/records/a;b", "/api/collections/demo2/records/a%25b",
	} {
		out = append(out, request{name: "not plain: GET " + path, path: path}, request{name: "not plain: POST " + path, method: "POST", path: path})
	}
	out = append(out,
		request{name: "encoded route: /%61pi/health", path: "/%61pi/health"},
		request{name: "encoded route: /api/%68ealth", path: "/api/%68ealth"},
		request{name: "a fragment", path: "/api/health#x"})
	return append(out, notForClients()...)
}

// notForClients are PocketBase's routes for superusers, asked by others.
func notForClients() (out []request) {
	for _, path := range []string{
		"/_/", "/api/collections", "/api/collections/demo2", "/api/collections/meta/scaffolds", "/api/settings", "/api/logs", "/api/logs/stats", "/api/backups",
		"/api/backups/x.zip", "/api/crons",
		"/api/collections/_superusers/records", "/api/collections/_superusers/auth-methods", "/api/collections/pbc_3142635823/records/sywbhecnh46rhm0",
		"/api/files/_superusers/sywbhecnh46rhm0/x",
	} {
		out = append(out, request{name: "not for clients: GET " + path, as: user, path: path})
	}
	for _, path := range []string{
		"/api/collections", "/api/settings/test/s3", "/api/backups", "/api/backups/upload", "/api/crons/x", "/api/sql", "/api/collections/users/impersonate/" + userID,
		"/api/collections/_superusers/auth-with-password", "/api/collections/_superusers/auth-refresh", "/api/collections/_superusers/request-password-reset",
		"/api/collections/_superusers/records",
	} {
		out = append(out, request{name: "not for clients: POST " + path, as: user, path: path, body: `{"identity":"test@example.com","password":"1234567890"}`})
	}
	return out
}
