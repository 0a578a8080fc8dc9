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
	f("_superusers", open, "", nil, 404, "", "")

	// With a policy nobody gets a protected one, whatever the rules say.
	for _, settings := range []Settings{byRules(), alone("notes")} {
		w.use(map[string]string{"notes": "script"}, settings)
		f("notes", open, "", nil, 200, "", "open")
		f("notes", open, fileToken, nil, 200, "", "open")
		for _, token := range []string{"", fileToken, "nonsense"} {
			f("notes", scan, token, nil, 403, "file_not_judged", "")
		}
		f("notes", "missing.txt", "", nil, 404, "", "")
	}
	w.use(map[string]string{"notes": ""}, byRules())
	f("notes", open, "", nil, 403, "policy_not_loaded", "")
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
	if caller, err := w.identify(t.Context(), w.snapshot.Load(), mine); caller != nil || err != nil {
		t.Errorf("a file token signs in %v, %v", caller, err)
	}
	id, err := w.tokens.Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.sessions.Delete(t.Context(), id); err != nil {
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
