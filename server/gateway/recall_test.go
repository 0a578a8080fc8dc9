package gateway

import (
	"testing"
)

// kept counts what the cache holds.
func (w *world) kept() int64 { return w.cache.State().Pieces }

// What a policy decided for a caller is recalled for them, until what it turned on
// changes: the record, the caller's own, or the policy.
func TestDecisionsAreRecalled(t *testing.T) {
	for _, s := range []Settings{byRules(), alone("users")} {
		w := newWorld(t)
		w.use(map[string]string{"users": "people"}, s)
		shy, _ := w.user("shy@example.com", map[string]any{"bio": "secret", "private": true, "role": "member"})
		me, token := w.user("me@example.com", map[string]any{"role": "member"})
		_, other := w.user("other@example.com", map[string]any{"role": "moderator"})
		sees := func(token string, bio string, decided bool) {
			t.Helper()
			before := w.kept()
			var a answer
			asked := len(seenByDatabase(func() {
				a = w.ask(ask{op: view, collection: "users", id: shy.Id, token: token}).is(200, "")
			}))
			if a.text("bio") != bio {
				t.Fatalf("the bio is %q; want %q", a.text("bio"), bio)
			}
			if now := w.kept(); (now > before) != decided || !decided && asked > 0 {
				t.Fatalf("%q: %d things were kept and are %d; the database was asked %d times; decided anew: %t", token, before, now, asked, decided)
			}
		}
		sees(token, "", true)
		sees(token, "", false)
		sees(other, "secret", true)
		sees(other, "secret", false)
		sees("", "", true)
		sees(token, "", false)
		me.Set("role", "moderator")
		if err := app.Save(me); err != nil {
			t.Fatal(err)
		}
		if got := w.ask(ask{op: view, collection: "users", id: shy.Id, token: token}).text("bio"); got != "secret" {
			t.Errorf("a moderator of now sees %q", got)
		}
		shy.Set("bio", "changed")
		if err := app.Save(shy); err != nil {
			t.Fatal(err)
		}
		if got := w.ask(ask{op: view, collection: "users", id: shy.Id, token: other}).text("bio"); got != "changed" {
			t.Errorf("after a change it is %q", got)
		}
		w.use(map[string]string{"users": "open"}, s)
		if got := w.ask(ask{op: view, collection: "users", id: shy.Id}).text("bio"); got != "changed" {
			t.Errorf("under another policy it is %q", got)
		}
	}
}

// What turns on more than caller, query and records is decided for each request.
func TestWhatVariesIsNotRecalled(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, alone("notes"))
	note := w.record("notes", map[string]any{"title": "x"})
	f := func(query string, status int, code string, kept int64) {
		t.Helper()
		before := w.kept()
		for range 2 {
			w.ask(ask{op: view, collection: "notes", id: note.Id, query: query}).is(status, code)
		}
		if n := w.kept() - before; n != kept {
			t.Errorf("%s: %d were kept; want %d", query, n, kept)
		}
	}
	f("", 200, "", 2) // the database's answer, and what was decided
	f("do=x", 200, "", 1)
	f("do=view:refuse", 403, "told_to", 0)
	f("do=view:hide", 404, "", 0)
	f("do=view:trap", 403, "policy_trapped", 0)
	w.use(map[string]string{"notes": "script"}, Settings{ByPolicy: map[string]bool{"notes": true}, Explain: true})
	f("", 200, "", 0)
}
