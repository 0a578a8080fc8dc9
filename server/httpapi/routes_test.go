package httpapi

import (
	"strings"
	"testing"
)

// What is no way for clients does not exist, by whatever method.
func TestBlockedRoutes(t *testing.T) {
	f := newFace(t, nil)
	superusers := db.Schema().Find("_superusers").ID()
	for _, path := range []string{
		"/", "/_", "/_/index.html", "/_/x", "/api", "/api/collections", "/api/collections/notes", "/api/collections/import",
		"/api/collections/meta/scaffolds", "/api/collections/notes/truncate", "/api/settings", "/api/settings/test/s3", "/api/logs",
		"/api/logs/stats", "/api/backups", "/api/backups/x.zip?token=x", "/api/backups/upload", "/api/crons", "/api/crons/x", "/api/sql",
		"/api/collections/users/impersonate/x", "/metrics", "/_hapta/", "/api/hapta", "/api/hapta/admin/policies",
		"/api/collections/_superusers/records", "/api/collections/_superusers/records/x", "/api/collections/_SuperUsers/records",
		"/api/collections/" + superusers + "/records", "/api/collections/" + superusers + "/auth-with-password",
		"/api/collections/_superusers/auth-with-password", "/api/collections/_superusers/auth-refresh",
		"/api/collections/_superusers/auth-methods", "/api/collections/_superusers/request-password-reset",
		"/api/collections/_superusers/auth-with-otp", "/api/collections/_superusers/request-otp", "/api/collections/_superusers/auth-with-oauth2",
		"/api/files/_superusers/x/y", "/api/files/" + superusers + "/x/y", "/API/health",
	} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			f.ask(method, path, "").is(404, "")
		}
		f.ask("OPTIONS", path, "").is(204, "") // as for any path, so it tells nothing
	}
}

// The way of a record over the wire, from its making to its end.
func TestRecordsOverHTTP(t *testing.T) {
	f := newFace(t, nil)
	a := f.ask("POST", "/api/collections/users/auth-with-password", `{"identity":"a@example.com","password":"a password"}`).is(200, "")
	_, token, _ := strings.Cut(a.body, `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	a = f.ask("POST", "/api/collections/users/auth-refresh", "", "Authorization: "+token).is(200, "")
	if a.header.Get("Content-Type") != "application/json" {
		t.Errorf("the type is %q", a.header.Get("Content-Type"))
	}
	f.ask("POST", "/api/collections/notes/records", `{"id":"abcdefghij12345","title":"x"}`).is(200, "")
	one := "/api/collections/NOTES/records/abcdefghij12345"
	for _, q := range []struct{ method, path, body string }{
		{"PATCH", one, `{"title":"ä"}`}, {"GET", one + "?fields=title", ""}, {"GET", "/api/collections/notes/records?filter=title%3D%22%C3%A4%22", ""},
	} {
		if a := f.ask(q.method, q.path, q.body).is(200, ""); !strings.Contains(a.body, `"title":"ä"`) {
			t.Errorf("%s %s: %s", q.method, q.path, a.body)
		}
	}
	if a := f.ask("HEAD", one, "").is(200, ""); a.body != "" || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("HEAD: %v %q", a.header, a.body)
	}
	f.ask("HEAD", "/api/health", "").is(200, "")
	if a := f.ask("GET", "/api/collections/notes/records?filter=%zz&fields=title", "").is(200, ""); !strings.Contains(a.body, `{"title":"ä"}`) {
		t.Errorf("what can be read of a query is not used: %s", a.body)
	}
	if a := f.ask("DELETE", one, "").is(204, ""); a.body != "" {
		t.Errorf("a delete answers %q", a.body)
	}
	f.ask("GET", one, "").is(404, "")
}

func TestAdmin(t *testing.T) {
	const key = "an admin key of at least 32 bytes"
	var removed []string
	f := newFace(t, func(o *Options) {
		o.Admin = adminFor(key, o.Gateway, &removed)
	})
	for _, header := range []string{"X-Other: x", "X-Hapta-Admin-Key:", "X-Hapta-Admin-Key: " + key[1:], "X-Hapta-Admin-Key: " + key + "x", "Authorization: " + key} {
		f.ask("GET", "/api/hapta/admin/policies", "", header).is(401, "admin_key_required")
		f.ask("GET", "/api/hapta/admin/policies?key="+strings.ReplaceAll(key, " ", "+"), "", header).is(401, "admin_key_required")
		f.ask("DELETE", "/api/hapta/admin/policies/notes", "", header).is(401, "admin_key_required")
		f.ask("GET", "/api/hapta/admin/sessions?collection=users", "", header).is(401, "admin_key_required")
		f.ask("GET", "/metrics", "", header).is(401, "admin_key_required")
		f.ask("DELETE", "/api/hapta/admin/sessions?collection=users", "", header).is(401, "admin_key_required")
		f.ask("DELETE", "/api/hapta/admin/sessions/none", "", header).is(401, "admin_key_required")
	}
	if len(removed) != 0 {
		t.Fatalf("removed %q without the key", removed)
	}
	a := f.ask("GET", "/api/hapta/admin/policies", "", "X-Hapta-Admin-Key: "+key).is(200, "")
	if !strings.Contains(a.body, `{"collection":"notes","authority":"rules"}`) || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the list is %v %s", a.header, a.body)
	}
	f.ask("DELETE", "/api/hapta/admin/policies/notes", "", "X-Hapta-Admin-Key: "+key).is(204, "")
	if a := f.ask("GET", "/metrics", "", "X-Hapta-Admin-Key: "+key).is(200, ""); !strings.Contains(a.body, "hapta_sessions_stolen_total 0") {
		t.Errorf("the metrics are %s", a.body)
	}
	f.ask("GET", "/api/hapta/admin/sessions?collection=users", "", "X-Hapta-Admin-Key: "+key).is(200, "")
	f.ask("GET", "/api/hapta/admin/sessions", "", "X-Hapta-Admin-Key: "+key).is(400, "bad_query")
	f.ask("DELETE", "/api/hapta/admin/sessions/none", "", "X-Hapta-Admin-Key: "+key).is(404, "")
	f.ask("DELETE", "/api/hapta/admin/sessions?collection=users&record=none", "", "X-Hapta-Admin-Key: "+key).is(200, "")
	f.ask("DELETE", "/api/hapta/admin/policies/missing", "", "X-Hapta-Admin-Key: "+key).is(404, "")
	if len(removed) != 1 || removed[0] != "notes" {
		t.Errorf("removed %q", removed)
	}
}
