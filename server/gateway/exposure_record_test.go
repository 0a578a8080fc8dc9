package gateway

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
)

// Whether a record exists that the caller may not see, and what it holds.
func TestHiddenRecordsAreNotTold(t *testing.T) {
	plant := plantDraft()
	is := secret{name: "a hidden record", one: "hush", two: "", guests: true, plant: plant, isReadable: stateOf("letters", draft), ways: recordWays()}
	holds := secret{name: "what a hidden record holds", one: "hush", two: "loud", plant: plant, isReadable: is.isReadable}
	holds.ways = slices.Concat(named(false, "letters", "title", "", `"hush"`), crossed(true, "title", `"hush"`), crossed(false, "id", `"`+draft+`"`))
	for _, path := range []string{"letter", "letter.owner", "author.letters_via_owner", "letter.owner.letters_via_owner"} {
		holds.ways = append(holds.ways, way{ask: ask{op: update, collection: "replies", id: toDraft, query: query("expand", path), body: map[string]any{"text": "to draft"}}})
	}
	tryAll(t, settings, []secret{is, holds})
	// Where no policy has a say about letters, PocketBase's rules for them are met
	// by what leads there from a collection that a policy alone decides.
	isElsewhere := func(q way) bool { return q.collection != "replies" }
	is.ways, holds.ways = slices.DeleteFunc(is.ways, isElsewhere), slices.DeleteFunc(holds.ways, isElsewhere)
	tryAll(t, []setting{{"replies by policy, letters open", map[string]string{"replies": "replies"}, alone("replies")}}, []secret{is, holds})
}

// plantDraft has the draft there under a title, at its place among the rows, or
// not there for none.
func plantDraft() func(w *world, title string) {
	var row dbx.NullStringMap
	return func(w *world, title string) {
		w.Helper()
		if row == nil {
			if err := app.DB().Select("_rowid_", "*").From("letters").Where(dbx.HashExp{"id": draft}).One(&row); err != nil {
				w.Fatal(err)
			}
		}
		if _, err := app.DB().Delete("letters", dbx.HashExp{"id": draft}).Execute(); err != nil {
			w.Fatal(err)
		}
		if title == "" {
			return
		}
		columns := dbx.Params{}
		for name, v := range row {
			columns[name] = v.String
		}
		columns["title"] = title
		if _, err := app.DB().Insert("letters", columns).Execute(); err != nil {
			w.Fatal(err)
		}
	}
}

// recordWays ask for the draft.
func recordWays() (ways []way) {
	add := func(via func(*world, *Passage, ask) answer, qs ...ask) {
		for _, q := range qs {
			ways = append(ways, way{q, via})
		}
	}
	for _, q := range []string{"", "perPage=1", "perPage=1&page=2", "perPage=1&page=3", "perPage=2", "page=2", "skipTotal=1", "skipTotal=false", "sort=@rowid", "sort=-@rowid&perPage=1",
		"sort=title", "sort=-title&perPage=1", "sort=id", "sort=-owner,title", "fields=id", "fields=totalItems,id", "expand=owner,replies_via_letter"} {
		add(nil, ask{op: list, collection: "letters", query: q})
	}
	for _, f := range []string{"draft = true", "draft = true || draft = false", "id = '" + draft + "'", "id != '" + shown + "'", "owner = '" + vic + "'", "title ~ 'hus%'", "owner != '' && title > 'h'", "1=1 || 2=2"} {
		add(nil, ask{op: list, collection: "letters", query: query("filter", f)}, ask{op: list, collection: "letters", query: query("filter", f, "perPage", "1", "sort", "-title")})
	}
	for _, q := range []string{"", "fields=id", "fields=%22", "expand=owner", "expand=replies_via_letter", "filter=x", "page=2"} {
		add(nil, ask{op: view, collection: "letters", id: draft, query: q})
	}
	for _, body := range []map[string]any{nil, {"title": "x"}, {"draft": false}, {"owner": other}, {"id": "x"}, {"h_text": 1}, {"m_tags": "z"}} {
		add(nil, ask{op: update, collection: "letters", id: draft, body: body})
		add(batched, ask{op: update, collection: "letters", id: draft, body: body})
	}
	for _, body := range []string{`{"title":`, `{"a":1,"a":2}`, `[]`} {
		add(nil, ask{op: update, collection: "letters", id: draft, body: body})
	}
	add(nil, ask{op: remove, collection: "letters", id: draft}, ask{op: view, collection: "LETTERS", id: draft})
	add(batched, ask{op: remove, collection: "letters", id: draft})
	for _, path := range []string{"letter", "letter.owner", "letter.replies_via_letter", "author.letters_via_owner", "letter.owner.letters_via_owner"} {
		add(nil, ask{op: view, collection: "replies", id: toDraft, query: query("expand", path)}, ask{op: list, collection: "replies", query: query("expand", path)})
	}
	for _, path := range []string{"letters_via_owner", "letters(owner)", "letters_via_owner.owner.letters_via_owner", "replies_via_author.letter"} {
		add(nil, ask{op: view, collection: "users", id: vic, query: query("expand", path)}, ask{op: list, collection: "users", query: query("expand", path)})
	}
	for _, path := range []string{"letter.draft", "letter.title", "author.letters_via_owner.draft", "letter.id"} {
		add(nil, ask{op: list, collection: "replies", query: query("filter", path+" ?= true || "+path+" ~ 'd%'")}, ask{op: list, collection: "replies", query: query("sort", "-"+path)})
	}
	for _, name := range []string{"scan.txt", "no.txt"} {
		for _, q := range []string{"", "thumb=100x100", "download=1"} {
			add(filed(http.MethodGet), ask{op: view, id: draft, query: q, form: name})
		}
	}
	return ways
}

// What a record holds that the policy keeps back from lists it does not narrow.
func TestRecordsKeptBackAreNotTold(t *testing.T) {
	s := secret{
		name: "what is kept back", one: "hush", two: "loud", isReadable: stateOf("letters", draft),
		plant: func(w *world, value string) { w.set("letters", draft, "title", value) },
	}
	s.ways = slices.DeleteFunc(append(recordWays(), named(true, "letters", "title", "", `"hush"`)...), func(q way) bool { return q.collection != "letters" || q.op != list })
	sieve := map[string]string{"letters": "sieve"}
	tryAll(t, []setting{{"by rules", sieve, byRules()}, {"by policy", sieve, alone("letters")}}, []secret{s})
}

// That an id, or a unique value, is taken cannot be kept from who wants to take it,
// as in PocketBase. No more than that is told.
func TestWhatIsTakenTellsNothingElse(t *testing.T) {
	for _, s := range settings[:2] {
		w := newWorld(t)
		token := w.correspondence()
		w.set("letters", draft, "title", marker)
		w.use(s.policies, s.Settings)
		f := func(collection, field string, body map[string]any) {
			t.Helper()
			a := w.ask(ask{op: create, collection: collection, token: token, body: body}).is(400, "")
			told, _ := a.object()["data"].(map[string]any)
			if keys(told) != field || strings.Contains(a.body, marker) {
				t.Errorf("%s: a create in %s is told %s", s.name, collection, a.body)
			}
		}
		f("letters", "id", map[string]any{"id": draft, "title": "x"})
		f("users", "email", map[string]any{"email": "vic@example.com", "password": password, "passwordConfirm": password})
		f("replies", "letter", map[string]any{"letter": "nothing00000000"})
		w.batch(ask{token: token, body: requests(storing("PUT", "letters/records", map[string]any{"id": draft}))}).refusedMember(0, 404, "")
	}
}
