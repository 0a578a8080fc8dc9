package httpapi

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func exposing(o *Options) { o.SuperuserAPI = true }

// token is that of an answer to signing in.
func (a answer) token() string {
	a.Helper()
	_, token, _ := strings.Cut(a.is(200, "").body, `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	if token == "" {
		a.Fatalf("there is no token in %s", a.body)
	}
	return token
}

func (f *face) superuser() string {
	f.Helper()
	return f.ask("POST", "/api/collections/_superusers/auth-with-password", `{"identity":"root@example.com","password":"correct horse"}`).token()
}

func TestSuperusersReachPocketBase(t *testing.T) {
	f := newFace(t, func(o *Options) { exposing(o); o.Passthrough = []string{"/api/own/"} })
	token := f.superuser()
	if direct, err := app.FindAuthRecordByToken(token, core.TokenTypeAuth); err != nil || !direct.IsSuperuser() {
		t.Fatalf("the token is not PocketBase's own: %v", err)
	}
	for _, authorization := range []string{token, "Bearer " + token} {
		header := "Authorization: " + authorization
		for _, path := range []string{
			"/api/collections", "/api/collections/users", "/api/collections/meta/scaffolds", "/api/settings", "/api/logs", "/api/backups", "/api/crons",
			"/api/collections/_superusers/records", "/api/collections/users/records", "/api/own/x", "/%61pi/settings",
		} {
			f.ask("GET", path, "", header).is(200, "")
		}
		if a := f.ask("GET", "/api/health", "", header).is(200, ""); !strings.Contains(a.body, "canBackup") {
			t.Errorf("health tells a superuser %s", a.body)
		}
		f.ask("POST", "/api/sql", `{"query":"SELECT 1"}`, header).is(200, "")
		f.ask("POST", "/api/collections/_superusers/auth-refresh", "", header).token()
	}
	for _, path := range []string{"/api/hapta/x", "/metrics", "/_hapta/", "/api/mine", "/API/settings", "/"} {
		f.ask("GET", path, "", "Authorization: "+token).is(404, "")
	}
	f.ask("TRACE", "/api/settings", "", "Authorization: "+token).is(404, "")
	if a := f.ask("GET", "/_/", "").is(200, ""); !strings.Contains(a.body, "<script") || a.header.Get("Content-Security-Policy") == "" {
		t.Errorf("the dashboard is %s", a.body)
	}
}

// Without a superuser's token, PocketBase says what it says to such a caller.
func TestSuperusersRoutesWithoutASuperuser(t *testing.T) {
	f := newFace(t, exposing)
	user := f.ask("POST", "/api/collections/users/auth-with-password", `{"identity":"a@example.com","password":"a password"}`).token()
	token := f.superuser()
	superusers := db.Schema().Find("_superusers").ID()
	g := func(method, path string, asGuest, asUser int) {
		t.Helper()
		for authorization, want := range map[string]int{"": asGuest, user: asUser, token + "x": asGuest, "nonsense": asGuest} {
			if a := f.ask(method, path, "", "Authorization: "+authorization); a.status != want || a.code() != "" {
				t.Errorf("%s %s with %.30q: %d %s; want %d", method, path, authorization, a.status, a.body, want)
			}
		}
	}
	for _, path := range []string{"/api/collections", "/api/collections/notes", "/api/collections/meta/scaffolds", "/api/settings", "/api/logs/stats", "/api/backups", "/api/crons"} {
		g("GET", path, 401, 403)
	}
	g("POST", "/api/sql", 401, 403)
	g("PUT", "/api/collections/import", 401, 403)
	g("DELETE", "/api/collections/notes/truncate", 401, 403)
	g("POST", "/api/collections/users/impersonate/x", 401, 403)
	g("GET", "/api/backups/x.zip?token=x", 403, 403)
	for _, name := range []string{"_superusers", "_SuperUsers", superusers} {
		g("GET", "/api/collections/"+name+"/records", 403, 403)
		g("POST", "/api/collections/"+name+"/records", 403, 403)
		g("POST", "/api/collections/"+name+"/auth-with-password", 400, 400)
		g("POST", "/api/collections/"+name+"/auth-refresh", 401, 403)
		g("GET", "/api/collections/"+name+"/auth-methods", 200, 200)
		g("GET", "/api/files/"+name+"/x/y", 404, 404)
	}
	for _, name := range []string{"_superusers", "_SuperUsers", superusers} {
		body := `{"requests":[{"method":"POST","url":"/api/collections/` + name + `/records","body":{}}]}`
		for _, authorization := range []string{"", user, token + "x"} {
			a := f.ask("POST", "/api/batch", body, "Authorization: "+authorization).is(400, "")
			if !strings.Contains(a.body, "Only superusers can perform this action.") || !strings.Contains(a.body, `"status":403`) {
				t.Errorf("a batch that names %s answers %s", name, a.body)
			}
		}
	}
	// Names that only look like the superusers' routes are collections'.
	g("GET", "/api/collections/meta/records", 404, 404)
	g("GET", "/api/collections/meta/x", 404, 404)
	if a := f.ask("GET", "/api/health", "", "Authorization: "+token+"x").is(200, ""); strings.Contains(a.body, "canBackup") {
		t.Errorf("a forged token is told %s", a.body)
	}
}

// When they are not exposed, the superusers' routes look like any that is not there.
func TestSuperusersAreNotThere(t *testing.T) {
	f := newFace(t, nil)
	token := newFace(t, exposing).superuser()
	superusers := db.Schema().Find("_superusers").ID()
	for _, authorization := range []string{"", token} {
		header := "Authorization: " + authorization
		nothing := f.ask("GET", "/nothing", "", header).is(404, "").body
		for _, path := range []string{"/api/collections", "/api/settings", "/api/collections/_superusers/impersonate/x", "/api/collections/_superusers", "/api/logs", "/api/backups/x.zip?token=" + token} {
			if a := f.ask("GET", path, "", header).is(404, ""); a.body != nothing {
				t.Errorf("%s answers %s", path, a.body)
			}
		}
		for _, name := range []string{"_superusers", "_SUPERUSERS", superusers} {
			for _, path := range []string{"records", "records/x", "auth-methods"} {
				missing := f.ask("GET", "/api/collections/missing/"+path, "", header).is(404, "").body
				if a := f.ask("GET", "/api/collections/"+name+"/"+path, "", header).is(404, ""); a.body != missing {
					t.Errorf("%s/%s answers %s", name, path, a.body)
				}
			}
		}
	}
}

func TestFilesOfSuperusers(t *testing.T) {
	f := newFace(t, exposing)
	token := f.superuser()
	fileToken := f.ask("POST", "/api/files/token", "", "Authorization: "+token).token()
	if direct, err := app.FindAuthRecordByToken(fileToken, core.TokenTypeFile); err != nil || !direct.IsSuperuser() {
		t.Fatalf("the file token is not PocketBase's own: %v", err)
	}
	f.ask("GET", "/api/backups/x.zip?token="+fileToken, "").is(404, "")
	f.ask("GET", "/api/backups/x.zip?token="+fileToken+"x", "").is(403, "")
}
