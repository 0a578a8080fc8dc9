package gateway

import (
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
)

// What is known of an account to itself alone, or to nobody.
func TestAccountsAreNotTold(t *testing.T) {
	var secrets []secret
	for _, s := range []struct{ field, one, two string }{
		{"email", "hush@example.com", "loud@example.com"}, {"bio", "hush", "loud"}, {"role", "hush", "loud"},
		{"tokenKey", "hush012345678901234567890123456789", "loud012345678901234567890123456789"}, {"password", "hush", "loud"},
	} {
		secrets = append(secrets, secret{
			name: "users." + s.field, one: s.one, two: s.two, ways: accountWays(s.field, s.one), guests: s.field == "email",
			plant:      func(w *world, value string) { w.set("users", vic, s.field, value) },
			isReadable: column("users", vic, s.field),
		})
	}
	tryAll(t, settings[:2], secrets)
}

func column(table, id, name string) func(w *world) string {
	return func(w *world) string {
		var value string
		if err := app.DB().Select(name).From(table).Where(dbx.HashExp{"id": id}).Row(&value); err != nil {
			w.Fatal(err)
		}
		return value
	}
}

// accountWays ask for a field of Vic's account.
func accountWays(field, value string) []way {
	literal := `"` + value + `"`
	thoroughly := field == "email" || field == "tokenKey"
	ways := slices.Concat(named(thoroughly, "users", field, "", literal), left("users", vic, field), named(false, "letters", "owner."+field, "", literal))
	if thoroughly {
		ways = slices.Concat(ways, asked("users", vic, field, literal), named(false, "replies", "author."+field, "", literal),
			named(false, "users", "letters_via_owner.owner."+field, "", literal))
	}
	for _, path := range []string{"owner", "owner.letters_via_owner.owner"} {
		q := query("expand", path, "fields", "*,expand.owner."+field)
		ways = append(ways, way{ask: ask{op: view, collection: "letters", id: shown, query: q}}, way{ask: ask{op: list, collection: "letters", query: query("expand", path)}},
			way{ask: ask{op: update, collection: "letters", id: shown, query: q, body: map[string]any{"title": "shown"}}})
	}
	for _, key := range []string{field, field + "+", field + ":autogenerate"} {
		ways = append(ways, way{ask: ask{op: update, collection: "users", id: vic, body: map[string]any{key: value, "name": "Vic"}}},
			way{ask{op: update, collection: "users", id: vic, body: map[string]any{key: value}}, batched})
	}
	expand := query("expand", "replies_via_author.letter.owner", "fields", "*,record.expand.*")
	return append(ways, way{ask{op: create, query: expand}, refreshed}, way{ask{op: create, query: expand}, signedInAgain})
}

func refreshed(w *world, p *Passage, _ ask) answer {
	return w.read(w.Refresh(w.Context(), p, "users"))
}

func signedInAgain(w *world, _ *Passage, q ask) answer {
	q.body = map[string]any{"identity": "kim@example.com", "password": password}
	return w.read(w.SignIn(w.Context(), w.passage(q), "users", "auth-with-password"))
}
