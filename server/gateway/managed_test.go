package gateway

import (
	"strings"
	"testing"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/cache"
)

// Nothing is kept of what a manage rule shows its caller, and all that it does not.
func TestWhatIsManagedIsNotKept(t *testing.T) {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	before := users.ManageRule
	users.ManageRule = rule(`@request.auth.role = "manager"`)
	if err := app.Save(users); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		users.ManageRule = before
		if err := app.Save(users); err != nil {
			t.Error(err)
		}
	})
	w := newWorld(t)
	w.use(nil, byRules())
	boss, manager := w.user("boss@example.com", map[string]any{"role": "manager"})
	user, other := w.user("shy@example.com", nil)
	shown := w.account("users", "shown@example.com", map[string]any{"emailVisibility": true})
	reply := w.record("replies", map[string]any{"text": "a reply", "author": user.Id})
	f := func(token string, o abi.Operation, collection, id, query string, first, second cache.Outcome, address string) {
		t.Helper()
		for _, want := range []cache.Outcome{first, second} {
			a := w.ask(ask{op: o, collection: collection, id: id, query: query, token: token}).is(200, "")
			if a.cache != want {
				t.Errorf("%v of %s %s?%s is a %v; want a %v", o, collection, id, query, a.cache, want)
			}
			if address != "" && !strings.Contains(a.body, address) || address == "" && strings.Contains(a.body, "shy@") {
				t.Errorf("%v of %s %s?%s shows %s", o, collection, id, query, a.body)
			}
		}
	}
	const shy = `"email":"shy@example.com"`
	for range 2 { // what one sees is not what the others do
		f(manager, list, "users", "", "sort=id", cache.Bypass, cache.Bypass, shy)
		f(manager, view, "users", user.Id, "", cache.Bypass, cache.Bypass, shy)
		f(manager, view, "users", user.Id, "fields=email", cache.Bypass, cache.Bypass, shy)
		f(manager, view, "replies", reply.Id, "expand=author", cache.Bypass, cache.Bypass, shy)
		f(manager, list, "replies", "", "expand=author", cache.Bypass, cache.Bypass, shy)
	}
	f(manager, view, "users", boss.Id, "", cache.Miss, cache.Hit, "boss@example.com")
	f(manager, view, "users", shown.Id, "", cache.Miss, cache.Hit, "shown@example.com")
	f(manager, view, "replies", reply.Id, "", cache.Miss, cache.Hit, "")
	f("", view, "users", user.Id, "", cache.Miss, cache.Hit, "")
	f("", list, "users", "", "sort=id", cache.Miss, cache.Hit, "")
	f(other, view, "users", boss.Id, "", cache.Miss, cache.Hit, "")
	f(other, view, "users", user.Id, "", cache.Miss, cache.Hit, shy) // their own
	f(other, view, "replies", reply.Id, "expand=author", cache.Miss, cache.Hit, shy)

	boss.Set("role", "")
	if err := app.Save(boss); err != nil {
		t.Fatal(err)
	}
	f(manager, list, "users", "", "sort=id", cache.Miss, cache.Hit, "")
	f(manager, view, "users", user.Id, "", cache.Miss, cache.Hit, "")
	boss.Set("role", "manager")
	if err := app.Save(boss); err != nil {
		t.Fatal(err)
	}
	f(manager, list, "users", "", "sort=id", cache.Bypass, cache.Bypass, shy)
}
