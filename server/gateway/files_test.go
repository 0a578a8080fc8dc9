package gateway

import (
	"net/http"
	"testing"
)

func TestFiles(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	_, token := w.user("a@example.com", nil)
	r := w.record("notes", map[string]any{
		"docs": []any{upload(t, "open.txt", "open")}, "scan": upload(t, "scan.txt", "protected"),
	})
	open, scan := r.GetStringSlice("docs")[0], r.GetString("scan")
	fileToken := w.read(w.FileToken(t.Context(), w.passage(ask{token: token}))).is(200, "").text("token")
	hidden := map[string]string{"X-Rules": "no"} // not to be viewed, say the rules

	f := func(collection, name, token string, header map[string]string, status int, code, body string) {
		t.Helper()
		p := w.passage(ask{query: query("token", token), header: header})
		a := w.read(w.File(t.Context(), p, http.MethodGet, collection, r.Id, name)).is(status, code)
		if status == 200 && a.body != body {
			t.Errorf("%s holds %q", name, a.body)
		}
	}
	f("notes", open, "", hidden, 200, "", "open")
	f("NOTES", open, "nonsense", hidden, 200, "", "open")
	f("notes", scan, fileToken, nil, 200, "", "protected")
	f("notes", scan, "", nil, 200, "", "protected") // the rules let guests view it
	f("notes", scan, fileToken, hidden, 404, "", "")
	f("notes", "../"+open, "", nil, 404, "", "")
	w.use(map[string]string{"notes": "script"}, byRules()) // whether a record is there is not told by the answer
	get := func(id string) answer {
		return w.read(w.File(t.Context(), w.passage(ask{header: hidden}), http.MethodGet, "notes", id, "nothing.txt")).is(404, "")
	}
	if there, missing := get(r.Id), get("missing"); there.body != missing.body || len(there.header) != len(missing.header) {
		t.Errorf("%s %v; a missing one: %s %v", there.body, there.header, missing.body, missing.header)
	}
	f("_superusers", open, "", nil, 404, "", "")

	w.use(map[string]string{"notes": ""}, byRules())
	f("notes", open, "", nil, 403, "policy_not_loaded", "")
}

// A protected file is decided as a view of its record and its field; the others
// are public by their URL.
func TestProtectedFilesAreJudged(t *testing.T) {
	for name, s := range map[string]Settings{"by rules": byRules(), "alone": alone("notes")} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.use(nil, byRules())
			_, token := w.user("a@example.com", nil)
			note := func(title string) (id, open, scan string) {
				r := w.record("notes", map[string]any{
					"title": title, "docs": []any{upload(t, "open.txt", "open")}, "scan": upload(t, "scan.txt", "protected"),
				})
				return r.Id, r.GetStringSlice("docs")[0], r.GetString("scan")
			}
			id, open, scan := note("shown")
			unseen, unseenOpen, unseenScan := note("unseen")
			poison, _, poisonScan := note("poison")
			w.use(map[string]string{"notes": "script"}, s)
			fileToken := w.read(w.FileToken(t.Context(), w.passage(ask{token: token}))).is(200, "").text("token")
			f := func(id, name, token, q string, status int, body string) {
				t.Helper()
				p := w.passage(ask{query: query("token", token, "do", q)})
				a := w.read(w.File(t.Context(), p, http.MethodGet, "NOTES", id, name)).is(status, "")
				if status == 200 && a.body != body {
					t.Errorf("%s holds %q", name, a.body)
				}
				if private := a.header.Get("Cache-Control") == "private, no-cache"; status == 200 && private != (body == "protected") {
					t.Errorf("%s may be cached as %q", name, a.header.Get("Cache-Control"))
				}
			}
			for _, token := range []string{"", "nonsense", fileToken, token} {
				f(id, open, token, "", 200, "open")
				f(unseen, unseenOpen, token, "view:refuse", 200, "open")
				f(id, scan, token, "", 200, "protected")
				f(unseen, unseenScan, token, "", 404, "")
				f(poison, poisonScan, token, "", 404, "")
				f(id, scan, token, "view:refuse", 404, "")
				f(id, scan, token, "view:hide", 404, "")
				f(id, unseenScan, token, "", 404, "")
				f(id, "missing.txt", token, "", 404, "")
				f("missing", scan, token, "", 404, "")
			}
			// Whoever the token speaks for is whom the policy is told.
			w.use(map[string]string{"notes": "guarded"}, s)
			f(id, scan, "", "", 404, "")
			f(id, scan, token, "", 404, "") // no file token
			f(id, scan, fileToken, "", 200, "protected")
			f(unseen, unseenScan, fileToken, "", 404, "") // the field is masked there
			w.use(map[string]string{"notes": "partial"}, s)
			if s.ByPolicy != nil {
				f(id, scan, fileToken, "", 404, "") // it does not handle view
			} else {
				f(id, scan, fileToken, "", 200, "protected")
			}
		})
	}
}

func TestFileTokens(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	member := w.account("members", "a@example.com", map[string]any{"diary": upload(t, "diary.txt", "dear diary")})
	w.account("members", "b@example.com", nil)
	token := w.signIn("members", "a@example.com", password).is(200, "").text("token")
	other := w.signIn("members", "b@example.com", password).is(200, "").text("token")
	get := func(fileToken string) answer {
		t.Helper()
		p := w.passage(ask{query: query("token", fileToken)})
		return w.read(w.File(t.Context(), p, http.MethodGet, "members", member.Id, member.GetString("diary")))
	}
	mint := func(token string) string {
		t.Helper()
		return w.read(w.FileToken(t.Context(), w.passage(ask{token: token}))).is(200, "").text("token")
	}
	mine := mint(token)
	if a := get(mine).is(200, ""); a.body != "dear diary" {
		t.Errorf("the file holds %q", a.body)
	}
	get(mint(other)).is(404, "")
	get("").is(404, "")
	get(token).is(404, "") // no file token
	if caller, err := w.identify(t.Context(), w.snapshot.Load(), &Passage{Token: mine}); caller != nil || err != nil {
		t.Errorf("a file token signs in %v, %v", caller, err)
	}
	s, _ := w.session(token)
	if err := w.sessions.End(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	get(mine).is(404, "") // it dies with its session
	w.read(w.FileToken(t.Context(), w.passage(ask{token: token}))).is(401, "")
}

// What concerns accounts goes on as the caller, unless the collection is closed.
func TestAccountRoutes(t *testing.T) {
	w := newWorld(t)
	f := func(collection, action string, status int, code string) {
		t.Helper()
		w.read(w.ForwardAuth(t.Context(), w.passage(ask{}), http.MethodGet, collection, action)).is(status, code)
	}
	w.use(map[string]string{"users": "people"}, byRules())
	f("users", "auth-methods", 200, "")
	f("_superusers", "auth-methods", 404, "")
	f("missing", "auth-methods", 404, "")
	w.use(nil, byRules(), "users")
	f("users", "auth-methods", 403, "policy_missing")
}
