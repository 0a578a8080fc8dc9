package gateway

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// superuser stores one and returns their own tokens, for everything and for files.
func (w *world) superuser(email string) (r *core.Record, token, fileToken string) {
	w.Helper()
	r = w.account("_superusers", email, nil)
	w.Cleanup(func() {
		if now := w.stored("_superusers", r.Id); now != nil {
			if err := app.Delete(now); err != nil {
				w.Error(err)
			}
		}
	})
	token, err := r.NewAuthToken()
	if err != nil {
		w.Fatal(err)
	}
	if fileToken, err = r.NewFileToken(); err != nil {
		w.Fatal(err)
	}
	return r, token, fileToken
}

// asSuperuser asks as a superuser does, and tells whether that was let through.
func (w *world) asSuperuser(method, path string, q ask) (answer, bool) {
	w.Helper()
	r, err := w.AsSuperuser(w.Context(), w.passage(q), method, path)
	if r == nil && err == nil {
		return answer{}, false
	}
	return w.read(r, err), true
}

// A superuser goes past the policies, and nobody else does by such a token.
func TestSuperusersAreProved(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	note := w.record("notes", map[string]any{"title": "x", "secret": "hidden", "scan": upload(t, "scan.txt", "protected")})
	record, file := "/api/collections/notes/records/"+note.Id, "/api/files/notes/"+note.Id+"/"+note.GetString("scan")
	root, token, fileToken := w.superuser("second@example.com")
	user, _ := w.user("a@example.com", nil)
	usersOwn, err := user.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	usersFile, err := user.NewFileToken()
	if err != nil {
		t.Fatal(err)
	}
	through := func(want bool, path string, q ask) {
		t.Helper()
		a, ok := w.asSuperuser(http.MethodGet, path, q)
		if ok != want || ok && a.status != 200 {
			t.Errorf("%s with %.20q and %.20q goes through is %t: %d %s", path, q.token, q.query, ok, a.status, a.body)
		}
	}
	a, _ := w.asSuperuser(http.MethodGet, record, ask{token: token})
	if a.is(200, "").text("secret") != "hidden" {
		t.Errorf("a superuser sees %s", a.body)
	}
	through(true, record, ask{token: "Bearer " + token})
	through(true, file, ask{query: query("token", fileToken)})
	through(true, file, ask{token: token})
	through(false, record, ask{query: query("token", fileToken)})
	through(false, record, ask{token: fileToken})
	through(false, file, ask{query: query("token", token)})

	forged := func(token string) string { return token[:strings.LastIndex(token, ".")+1] + "AAAA" }
	for _, none := range []string{"", "nonsense", forged(token), usersOwn, usersFile} {
		through(false, record, ask{token: none})
		through(false, file, ask{query: query("token", none)})
	}
	through(false, file, ask{query: query("token", forged(fileToken))})

	root.SetPassword("another password")
	if err := app.Save(root); err != nil {
		t.Fatal(err)
	}
	through(false, record, ask{token: token})
	through(false, file, ask{query: query("token", fileToken)})
	expired, err := root.NewStaticAuthToken(time.Nanosecond)
	if err != nil {
		t.Fatal(err)
	}
	through(false, record, ask{token: expired})
}

// Superusers may be bound to addresses, so PocketBase is asked from the client's.
func TestSuperusersAreProvedFromWhereTheyAre(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	_, token, _ := w.superuser("second@example.com")
	seen := seenByDatabase(func() { w.asSuperuser("GET", "/api/collections/notes/records", ask{token: token}) })
	if len(seen) != 2 {
		t.Fatalf("%d requests arrived", len(seen))
	}
	for _, a := range seen {
		if a.Address != "192.0.2.7" || !a.Superuser {
			t.Errorf("%s %s came from %s as superuser %t", a.Method, a.Path, a.Address, a.Superuser)
		}
	}
}

func TestNamesSuperusers(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	for name, want := range map[string]bool{
		"_superusers": true, "_SUPERUSERS": true, "_ſuperuſers": true, db.Schema().Find("_superusers").Id: true, "users": false, "superusers": false, "": false,
	} {
		if w.NamesSuperusers(name) != want {
			t.Errorf("%q names superusers is not %t", name, want)
		}
	}
}
