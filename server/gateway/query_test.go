package gateway

import (
	"strings"
	"testing"
)

// What a client's filter and sort may name, under both authorities.
func TestFiltersAndSorts(t *testing.T) {
	w := newWorld(t)
	policies := map[string]string{"notes": "script", "users": "people"}
	var settings Settings
	f := func(collection, param, text string, status int, code string) {
		t.Helper()
		w.use(policies, settings)
		a := w.ask(ask{op: list, collection: collection, query: query(param, text)})
		if a.status != status || a.code != code {
			t.Errorf("%s of %s by %q (%v): %d %s; want %d %q", param, collection, text, settings.ByPolicy, a.status, a.body, status, code)
		}
	}
	for _, settings = range []Settings{byRules(), alone("notes", "users")} {
		f("notes", "filter", `title = "x" && created > @now || count ?> 1`, 400, "field_unknown") // no created field
		f("notes", "filter", `title = "x" && (count >= 1 || tags:length > 2 || tags:each ~ "a")`, 200, "")
		f("notes", "filter", `id = "`+strings.Repeat("x", 15)+`" && title != null && true = true`, 200, "")
		f("notes", "filter", `title > @now && @todayEnd != ""`, 200, "")
		f("notes", "filter", `meta.a.b = 1`, 200, "")
		f("notes", "sort", `-title,+count, id,@random,@rowid`, 200, "")

		f("notes", "filter", `bio = "x"`, 400, "field_masked")
		f("notes", "filter", `title = "x" || (count = 1 && "x" = bio)`, 400, "field_masked")
		f("notes", "filter", `title = bio`, 400, "field_masked")
		f("notes", "filter", `bio:lower = "x"`, 400, "field_masked")
		f("notes", "filter", `bio:length > 1`, 400, "field_masked")
		f("notes", "filter", `bio.x = 1`, 400, "field_masked")
		f("notes", "filter", `strftime("%Y", bio) = "2020"`, 400, "field_masked")
		f("notes", "filter", `strftime("%Y", strftime("%Y", bio)) = "2020"`, 400, "field_masked")
		f("notes", "filter", `geoDistance(bio, 1, 2, 3) > 1`, 400, "field_masked")
		f("notes", "sort", `bio`, 400, "field_masked")
		f("notes", "sort", `title, -bio`, 400, "field_masked")
		f("notes", "sort", `+bio:lower`, 400, "field_masked")
		f("users", "filter", `bio ~ "x"`, 400, "field_masked")

		f("notes", "filter", `nothing = 1`, 400, "field_unknown")
		f("notes", "filter", `title.x = 1`, 400, "field_unknown")
		f("notes", "filter", `title:unknown = 1`, 400, "field_unknown")
		f("notes", "filter", `Bio = "x"`, 400, "field_unknown")
		f("notes", "sort", `--bio`, 400, "field_unknown")

		f("notes", "filter", `owner.name = "x"`, 400, "crosses_policy")
		f("notes", "filter", `peer.title = "x"`, 400, "crosses_policy")
		f("notes", "filter", `notes_via_peer.title ?= "x"`, 400, "crosses_policy")
		f("notes", "filter", `peer.bio = "x"`, 400, "crosses_policy")
		f("notes", "sort", `owner.name`, 400, "crosses_policy")
		f("users", "filter", `notes_via_owner.title ?= "x"`, 400, "crosses_policy")
		f("users", "filter", `notes_via_owner.id ?= "x"`, 400, "crosses_policy")
		f("plain", "filter", `owner.id != ""`, 400, "crosses_policy")
		f("plain", "filter", `owner != "" && title = "x"`, 200, "")
		f("comments", "filter", `note.title = "x"`, 400, "crosses_policy")
		f("comments", "filter", `note.owner.name = "x"`, 400, "crosses_policy")
		f("comments", "sort", `text,note.title`, 400, "crosses_policy")

		f("notes", "filter", `title = `, 400, "bad_filter")
		f("notes", "filter", `title = "a\\b"`, 400, "bad_filter")
		f("notes", "filter", `title = "`+strings.Repeat("x", 3500)+`"`, 400, "bad_filter")
	}

	settings = byRules() // PocketBase itself refuses these to a caller
	f("notes", "filter", `@request.auth.id = ""`, 403, "")
	f("notes", "filter", `@collection.users.bio ?= "x"`, 403, "")
	f("notes", "sort", `@request.auth.id`, 403, "")
	f("notes", "filter", `secret = "x"`, 400, "field_unknown")
	f("users", "filter", `tokenKey = "x"`, 400, "field_unknown")
	f("plain", "filter", `owner.nothing = "x"`, 400, "field_unknown")
	f("plain", "filter", `owner.tokenKey = "x"`, 400, "field_unknown") // no other answer than that
	f("plain", "filter", `@collection.notes.bio ?= "x"`, 403, "")

	settings = alone("notes", "users") // and the gateway must, as superuser
	for _, field := range []string{"@request.auth.tokenKey", "@request.headers.a", "@collection.users.role", "secret", "level", "secret:lower"} {
		f("notes", "filter", field+` != "x"`, 400, "field_unknown")
		f("notes", "sort", field, 400, "field_unknown")
	}
	f("notes", "filter", `strftime("%Y", secret) != ""`, 400, "field_unknown")
	f("users", "filter", `tokenKey != ""`, 400, "field_unknown")
	f("users", "filter", `password != ""`, 400, "field_unknown")
	f("users", "filter", `role = "x"`, 400, "field_unknown")

	policies = map[string]string{"notes": "script"} // users are open
	f("notes", "filter", `owner.name = "x"`, 400, "crosses_policy")
	settings = byRules()
	f("notes", "filter", `owner.name = "x"`, 200, "")
	f("comments", "filter", `author.name = "x"`, 200, "")
	f("comments", "filter", `author.notes_via_owner.title ?= "x"`, 400, "crosses_policy")

	policies = map[string]string{"notes": ""} // closed
	f("comments", "filter", `note.title = "x"`, 400, "crosses_policy")
	f("notes", "filter", `title = "x"`, 403, "policy_not_loaded")
}

// The client's filter stands beside the policy's own, never around it.
func TestNarrowingCannotBeEscaped(t *testing.T) {
	w := newWorld(t)
	w.record("notes", map[string]any{"title": "kept back", "count": 1})
	w.record("notes", map[string]any{"title": "shown", "count": 2})
	for _, s := range []Settings{byRules(), alone("notes")} {
		w.use(map[string]string{"notes": "script"}, s)
		for _, text := range []string{`1 = 1 || 2 = 2`, `title != "" || count = 1`, `(title != "") || (count = 1)`, `count = 1 || count = 2 // all`} {
			a := w.ask(ask{op: list, collection: "notes", query: query("do", "list:narrow", "filter", text)}).is(200, "")
			if a.titles() != "shown" {
				t.Errorf("%q shows %q", text, a.titles())
			}
		}
		w.ask(ask{op: list, collection: "notes", query: query("do", "list:narrow", "filter", `1 = 1) || (2 = 2`)}).is(400, "bad_filter")
	}
}
