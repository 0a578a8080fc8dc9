package gateway

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
)

// expanded lists the titles, names and texts of what stands in a record's
// expansions, by path: "note:first note.owner:Ann".
func expanded(record map[string]any) string {
	var out []string
	var walk func(prefix string, r map[string]any)
	walk = func(prefix string, r map[string]any) {
		branches, _ := r["expand"].(map[string]any)
		for name, v := range branches {
			list, many := v.([]any)
			if !many {
				list = []any{v}
			}
			for _, item := range list {
				child := item.(map[string]any)
				for _, key := range []string{"title", "name", "text"} {
					if label, ok := child[key]; ok {
						out = append(out, fmt.Sprintf("%s%s:%v", prefix, name, label))
					}
				}
				walk(prefix+name+".", child)
			}
		}
	}
	walk("", record)
	slices.Sort(out)
	return strings.Join(out, " ")
}

// thread stores a user, their notes and comments on them.
func (w *world) thread() (ids map[string]string) {
	w.Helper()
	ann := w.account("users", "ann@example.com", map[string]any{"name": "Ann", "bio": "shy", "private": true, "role": "none"}).Id
	first := w.record("notes", map[string]any{"title": "first", "owner": ann, "secret": "hush"}).Id
	unseen := w.record("notes", map[string]any{"title": "unseen", "owner": ann, "secret": "hush"}).Id
	poison := w.record("notes", map[string]any{"title": "poison", "peer": first}).Id
	last := w.record("notes", map[string]any{"title": "last", "bio": "masked", "level": 9, "peer": unseen}).Id
	ids = map[string]string{"users": ann, "notes": first, "last": last, "poison": poison}
	ids["comments"] = w.record("comments", map[string]any{"text": "one", "note": first, "author": ann, "readers": []string{ann}}).Id
	ids["two"] = w.record("comments", map[string]any{"text": "two", "note": unseen, "author": ann}).Id
	ids["three"] = w.record("comments", map[string]any{"text": "three", "note": last, "author": ann}).Id
	ids["four"] = w.record("comments", map[string]any{"text": "four", "note": poison}).Id
	return ids
}

// Whoever decides about a collection decides about its records where they are
// expanded, at every depth, under each authority.
func TestExpansionsAreJudged(t *testing.T) {
	for name, s := range map[string]Settings{
		"by rules": byRules(), "notes alone": alone("notes"), "all alone": alone("notes", "users", "comments"),
		"comments alone": alone("comments"),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			ids := w.thread()
			policies := map[string]string{"notes": "script", "users": "people"}
			if s.ByPolicy["comments"] {
				policies["comments"] = "drops"
			}
			w.use(policies, s)
			f := func(collection, id, expand, want string) {
				t.Helper()
				a := w.ask(ask{op: view, collection: collection, id: id, query: query("expand", expand)}).is(200, "")
				if got := expanded(a.object()); got != want {
					t.Errorf("%s?expand=%s: %q; want %q", collection, expand, got, want)
				}
				for _, kept := range []string{"hush", "secret", "level", "role", "masked", "shy", "unseen", "poison"} {
					if strings.Contains(a.body, `"`+kept+`"`) {
						t.Errorf("%s?expand=%s shows %s: %s", collection, expand, kept, a.body)
					}
				}
			}
			f("comments", ids["comments"], "note", "note:first")
			f("comments", ids["comments"], " note , author,", "author:Ann note:first")
			f("comments", ids["comments"], "note.owner,author.nowhere", "note.owner:Ann note:first")
			f("comments", ids["comments"], "note.owner.comments_via_author", "note.owner.comments_via_author:one note.owner.comments_via_author:three note.owner.comments_via_author:two note.owner:Ann note:first")
			f("comments", ids["two"], "note,author", "author:Ann")
			f("comments", ids["three"], "note.peer", "note:last")
			f("comments", ids["four"], "note", "")
			f("notes", ids["notes"], "owner.notes_via_owner", "owner.notes_via_owner:first owner:Ann")
			f("notes", ids["notes"], "comments_via_note.author", "comments_via_note.author:Ann comments_via_note:one")
			f("notes", ids["notes"], "notes_via_peer", "")
			f("notes", ids["last"], "peer,peer.owner", "")
			f("users", ids["users"], "comments_via_author.note", "comments_via_author.note:first comments_via_author.note:last "+
				"comments_via_author:one comments_via_author:three comments_via_author:two")
			f("users", ids["users"], "comments_via_readers.readers", "comments_via_readers.readers:Ann comments_via_readers:one")
			f("users", ids["users"], "nowhere", "")
			f("notes", ids["notes"], "meta,meta.x,title,owner.bio", "")    // none of them a relation
			f("users", ids["users"], "notes(owner)", "notes(owner):first") // an older form
			f("comments", ids["comments"], "note.owner.comments(author),note(owner)", "note.owner.comments(author):one note.owner.comments(author):three note.owner.comments(author):two note.owner:Ann note:first")

			page := w.ask(ask{op: list, collection: "comments", query: query("expand", "note", "sort", "@rowid")}).is(200, "")
			if got := fmt.Sprint(slices.Collect(func(yield func(string) bool) {
				for _, item := range page.items() {
					yield(expanded(item))
				}
			})); got != "[note:first  note:last ]" {
				t.Errorf("a page expands %s", got)
			}
			picked := w.ask(ask{op: view, collection: "comments", id: ids["comments"], query: query("expand", "note", "fields", "text,expand.note.title")}).is(200, "")
			if picked.body != `{"expand":{"note":{"title":"first"}},"text":"one"}` {
				t.Errorf("picked %s", picked.body)
			}
			changed := w.ask(ask{op: update, collection: "comments", id: ids["comments"], query: query("expand", "note,author"), body: map[string]any{}})
			if !s.ByPolicy["comments"] && expanded(changed.is(200, "").object()) != "author:Ann note:first" {
				t.Errorf("a write answers %s", changed.body)
			}
		})
	}
}

// The rules of a collection that no policy decides are the caller's, also where a
// record that the superuser fetched leads there.
func TestExpansionsMeetTheRules(t *testing.T) {
	for _, s := range []Settings{byRules(), alone("comments"), alone("notes"), alone("comments", "notes")} {
		w := newWorld(t)
		ids := w.thread()
		w.use(map[string]string{"comments": "quiet", "users": "people"}, s)
		if s.ByPolicy["notes"] {
			w.use(map[string]string{"notes": "script", "comments": "drops"}, s)
		}
		no := map[string]string{"X-Rules": "no"}
		a := w.ask(ask{op: view, collection: "users", id: ids["users"], header: no, query: query("expand", "notes_via_owner,comments_via_author")}).is(200, "")
		want := ""
		if s.ByPolicy["comments"] {
			want = "comments_via_author:one comments_via_author:three comments_via_author:two"
		}
		if s.ByPolicy["notes"] {
			want = strings.TrimSpace(want + " notes_via_owner:first")
		}
		if got := expanded(a.object()); got != want {
			t.Errorf("%v: %q; want %q", s.ByPolicy, got, want)
		}
	}
}

// A relation that is kept back is not told by where it leads, nor by what leads
// back along it.
func TestMaskedRelationsLeadNowhere(t *testing.T) {
	for _, s := range []Settings{byRules(), alone("comments"), alone("comments", "notes")} {
		w := newWorld(t)
		ids := w.thread()
		policies := map[string]string{"comments": "quiet"}
		if s.ByPolicy["notes"] {
			policies["notes"] = "script"
		}
		w.use(policies, s)
		for _, q := range []ask{
			{op: view, collection: "comments", id: ids["comments"], query: "expand=note"},
			{op: view, collection: "notes", id: ids["notes"], query: "expand=comments_via_note"},
			{op: view, collection: "users", id: ids["users"], query: "expand=comments_via_author.note"},
		} {
			a := w.ask(q).is(200, "")
			if got := expanded(a.object()); strings.Contains(got, "note:") {
				t.Errorf("%v: %s?%s tells %q", s.ByPolicy, q.collection, q.query, got)
			}
		}
	}
}

// An expansion into what is closed says so; one that would cost too much too.
func TestExpansionsAreRefused(t *testing.T) {
	w := newWorld(t)
	ids := w.thread()
	w.use(map[string]string{"notes": "", "comments": "drops"}, alone("comments"))
	for _, path := range []string{"note", "author.notes_via_owner", "author,note.owner"} {
		w.ask(ask{op: view, collection: "comments", id: ids["comments"], query: query("expand", path)}).is(400, "expand_refused")
	}
	comments, err := app.FindCollectionByNameOrId("comments")
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxFetched {
		_, err := app.DB().Insert(comments.Name, dbx.Params{"id": fmt.Sprintf("many%011d", i), "author": ids["users"], "note": "", "text": ""}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	a := w.ask(ask{op: view, collection: "users", id: ids["users"], query: "expand=comments_via_author"}).is(400, "expand_too_large")
	if !strings.Contains(a.detail, "500") {
		t.Errorf("it does not say how many: %s", a.detail)
	}
}

// A path across collections may name what is public there, and nothing else.
func TestCrossingNamesWhatIsPublic(t *testing.T) {
	w := newWorld(t)
	f := func(s Settings, collection, path string, status int, code string) {
		t.Helper()
		w.use(map[string]string{"comments": "quiet", "notes": "script"}, s)
		w.ask(ask{op: list, collection: collection, query: query("filter", path+` ?= "one"`)}).is(status, code)
		w.ask(ask{op: list, collection: collection, query: query("sort", path)}).is(status, code)
	}
	for _, s := range []Settings{byRules(), alone("comments")} {
		f(s, "users", "comments_via_author.text", 400, "crosses_policy") // it names author as well, which is not public
		f(s, "notes", "comments_via_note.text", 400, "crosses_policy")
		f(s, "comments", "author.comments_via_author.text", 400, "crosses_policy")
		f(s, "comments", "note.title", 400, "field_masked")
	}
	f(alone("notes"), "notes", "owner.name", 400, "crosses_policy")
	f(byRules(), "notes", "owner.name", 200, "")
}

// What a filter across collections matches is told by the records it finds.
func TestPublicFieldsCanBeFiltered(t *testing.T) {
	for _, s := range []Settings{byRules(), alone("notes"), alone("notes", "users")} {
		w := newWorld(t)
		ann := w.account("users", "ann@example.com", map[string]any{"name": "Ann"})
		w.record("notes", map[string]any{"title": "first", "owner": ann.Id})
		w.record("notes", map[string]any{"title": "second"})
		w.use(map[string]string{"notes": "script", "users": "open"}, s)
		a := w.ask(ask{op: list, collection: "notes", query: query("filter", `owner.name = "Ann"`)}).is(200, "")
		if a.titles() != "first" {
			t.Errorf("%v finds %q", s.ByPolicy, a.titles())
		}
		for _, path := range []string{"owner.bio", "owner.email", "owner.role", "owner.tokenKey", "owner.id"} {
			if path == "owner.email" && s.ByPolicy == nil {
				continue // public, and PocketBase guards the ones that are not visible
			}
			code := "crosses_policy"
			if path == "owner.role" || path == "owner.tokenKey" {
				code = "field_unknown" // hidden
			}
			w.ask(ask{op: list, collection: "notes", query: query("filter", path+` != "x"`)}).is(400, code)
		}
	}
}
