package gateway

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// rows has these notes there and no others, each under the title that it is given.
func (w *world) rows(n int, title func(i int) string) (visible []string) {
	w.Helper()
	empty := func() {
		if _, err := app.DB().NewQuery("DELETE FROM notes").Execute(); err != nil {
			w.Fatal(err)
		}
	}
	empty()
	w.Cleanup(empty) // one by one takes long
	err := app.RunInTransaction(func(tx core.App) error {
		for i := range n {
			_, err := tx.DB().NewQuery("INSERT INTO notes (id, title) VALUES ({:id}, {:title})").
				Bind(map[string]any{"id": fmt.Sprintf("z%014d", 7919*i%99991), "title": title(i)}).Execute() // ids in another order than rows
			if err != nil {
				return err
			}
			if title(i) != "hidden" && title(i) != "unseen" {
				visible = append(visible, title(i))
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	w.cache.TouchAll() // nobody tells of SQL
	return visible
}

// everyPage are the titles of all pages, in their order, as PocketBase's SDK reads
// them: until one is short. A page that is longer or shorter is a failure.
func (w *world) everyPage(collection, sort string, perPage, count int) (titles []string) {
	w.Helper()
	for page := 1; ; page++ {
		a := w.ask(ask{op: list, collection: collection, query: fmt.Sprintf("page=%d&perPage=%d&sort=%s", page, perPage, sort)}).is(200, "")
		if want := min(perPage, max(0, count-len(titles))); len(a.items()) != want {
			w.Fatalf("page %d of %d has %d records, not %d", page, perPage, len(a.items()), want)
		}
		if o := a.object(); o["page"] != float64(page) || o["perPage"] != float64(perPage) || o["totalItems"] != -1.0 || o["totalPages"] != -1.0 {
			w.Fatalf("page %d of %d is called %v of %v, and there are %v on %v", page, perPage, o["page"], o["perPage"], o["totalItems"], o["totalPages"])
		}
		titles = append(titles, strings.Fields(a.titles())...)
		if len(a.items()) < perPage {
			return titles
		}
	}
}

// Where a policy drops records, page p of n has those of the visible ones that
// stand at (p-1)·n and after, in the database's order.
func TestPagesOfVisibleRecords(t *testing.T) {
	w := newWorld(t)
	for name, isHidden := range map[string]func(i int) bool{
		"none":          func(int) bool { return false },
		"every third":   func(i int) bool { return i%3 == 0 },
		"the first":     func(i int) bool { return i < 62 },
		"the last":      func(i int) bool { return i > 30 },
		"all but a few": func(i int) bool { return i%37 != 5 },
		"all":           func(int) bool { return true },
	} {
		for _, s := range []Settings{byRules(), alone("notes", "titles")} {
			visible := w.rows(100, func(i int) string {
				if isHidden(i) {
					return "hidden"
				}
				return fmt.Sprint(i)
			})
			w.use(map[string]string{"notes": "drops", "titles": "drops"}, s)
			f := func(collection, sort string, perPage int, want []string) {
				t.Helper()
				if got := w.everyPage(collection, sort, perPage, len(want)); !slices.Equal(got, want) {
					t.Errorf("%s are hidden, %s by %d: %q; want %q", name, collection, perPage, got, want)
				}
			}
			f("notes", "", 7, visible)
			f("notes", "", 30, visible)
			f("notes", "", 1000, visible)
			slices.Reverse(visible)
			f("notes", "-@rowid", 30, visible)
			byID := w.ask(ask{op: list, collection: "notes", query: "perPage=1000"}).is(200, "").items()
			slices.SortFunc(byID, func(a, b map[string]any) int { return strings.Compare(fmt.Sprint(a["id"]), fmt.Sprint(b["id"])) })
			visible = nil
			for _, item := range byID {
				visible = append(visible, fmt.Sprint(item["title"]))
			}
			f("titles", "", 30, visible)
		}
	}
}

// The first request to which a policy drops something is answered as all others.
func TestPageOfADropThatIsSeenFirst(t *testing.T) {
	for _, s := range []Settings{byRules(), alone("notes")} {
		w := newWorld(t)
		w.rows(9, func(i int) string { return []string{"unseen", "a", "b"}[i%3] })
		w.use(map[string]string{"notes": "script"}, s)
		a := w.ask(ask{op: list, collection: "notes", query: "perPage=4&page=1"}).is(200, "")
		if a.titles() != "a b a b" || a.object()["totalItems"] != -1.0 {
			t.Errorf("the first page is %s", a.body)
		}
	}
	for _, q := range []string{"sort=@random", query("filter", `title != ""`), "sort=-title"} {
		w := newWorld(t)
		w.record("notes", map[string]any{"title": "unseen"})
		w.use(map[string]string{"notes": "script"}, byRules())
		w.ask(ask{op: list, collection: "notes", query: q}).is(400, "filters_refused")
	}
}

// A page that cannot be read is what it is without a policy.
func TestPagesAreReadAsPocketBaseReadsThem(t *testing.T) {
	w := newWorld(t)
	for i := range 40 {
		w.record("notes", map[string]any{"title": fmt.Sprint(i)})
	}
	for _, q := range []string{"page=x", "perPage=x", "page=1.5", "page=%2B2", "page=0", "page=-3", "perPage=0", "perPage=-1", "perPage=1001", "page=2&page=1", "page=&perPage=",
		"page=2&perPage=33", "page=41&perPage=1", "page=99999999999999999999", "sort=,", "sort=@rowid,"} {
		q := ask{op: list, collection: "notes", query: q + "&skipTotal=1"}
		w.use(nil, byRules())
		want := w.ask(q)
		for _, s := range []Settings{byRules(), alone("notes")} {
			w.use(map[string]string{"notes": "drops"}, s)
			if got := w.ask(q); got.status != want.status || fmt.Sprint(got.object()) != fmt.Sprint(want.object()) {
				t.Errorf("%s: %d %s; want %d %s", q.query, got.status, got.body, want.status, want.body)
			}
		}
	}
}

// Reading a list from the beginning has an end.
func TestListsAreReadUpToABound(t *testing.T) {
	w := newWorld(t)
	w.rows(maxListed+1, func(i int) string {
		if i == 3 || i == maxListed-1 {
			return fmt.Sprint("n", i)
		}
		return "hidden"
	})
	w.use(map[string]string{"notes": "drops"}, alone("notes"))
	f := func(q, want string) {
		t.Helper()
		if got := w.ask(ask{op: list, collection: "notes", query: q}).is(200, "").titles(); got != want {
			t.Errorf("%s: %q; want %q", q, got, want)
		}
	}
	refused := func(q string, asked int) {
		t.Helper()
		seen := seenByDatabase(func() { w.ask(ask{op: list, collection: "notes", query: q}).is(400, "list_too_long") })
		if len(seen) != asked {
			t.Errorf("%s: the database was asked %d times, not %d", q, len(seen), asked)
		}
	}
	f("perPage=1", "n3")
	f("perPage=1&sort=-@rowid", fmt.Sprint("n", maxListed-1))
	refused("perPage=30", 14) // 30, 30, 60 … 480, nine times 960; and one of them was asked for before
	refused("perPage=1000&page=12", 0)
	refused("page=9223372036854775807", 0)
	if _, err := app.DB().NewQuery("DELETE FROM notes WHERE title = 'hidden' AND _rowid_ % 2 = 0").Execute(); err != nil {
		t.Fatal(err)
	}
	w.cache.TouchAll() // nobody tells of SQL
	if got := w.everyPage("notes", "", 1000, 2); len(got) != 2 {
		t.Errorf("of a list that is short enough: %q", got)
	}
}

// What the policy has no work left for is not taken for dropped.
func TestListsEndWithThePolicysWork(t *testing.T) {
	w := newWorld(t)
	w.rows(100, func(i int) string { return []string{"unseen", "a"}[min(i, 1)] })
	w.use(map[string]string{"notes": "script"}, byRules())
	w.ask(ask{op: list, collection: "notes"}).is(200, "")
	w.ask(ask{op: list, collection: "notes", query: "do=view:spin"}).is(400, "list_too_long")
}

// Relations are followed from what leaves alone, and what the client picks of it
// is picked behind that.
func TestVisibleRecordsExpand(t *testing.T) {
	for name, s := range map[string]Settings{"by rules": byRules(), "notes alone": alone("notes"), "users alone": alone("users"), "both alone": alone("notes", "users")} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			ann := w.account("users", "ann@example.com", map[string]any{"name": "Ann"}).Id
			peer := ""
			for i := range 40 {
				title := []string{"hidden", fmt.Sprint(i)}[i%2]
				peer = w.record("notes", map[string]any{"title": title, "owner": ann, "peer": peer}).Id
				w.record("comments", map[string]any{"text": fmt.Sprint("c", i), "note": peer})
			}
			w.use(map[string]string{"notes": "drops", "users": "people"}, s)
			seen := seenByDatabase(func() {
				a := w.ask(ask{op: list, collection: "notes", query: query("perPage", "3", "page", "6", "sort", "-@rowid",
					"expand", "owner,peer,comments_via_note", "fields", "title,expand.owner.name,expand.peer.title,expand.comments_via_note.text")}).is(200, "")
				want := `"items":[{"expand":{"comments_via_note":[{"text":"c9"}],"owner":{"name":"Ann"}},"title":"9"}`
				if !strings.Contains(a.body, want) || a.titles() != "9 7 5" {
					t.Errorf("the page is %s; want %s", a.body, want)
				}
			})
			for _, arrival := range seen {
				if q, _ := url.ParseQuery(arrival.Query); q.Has("expand") && !strings.Contains(q.Get("filter"), "id = ") {
					t.Errorf("relations of the whole list are read: %s?%s", arrival.Path, arrival.Query)
				}
			}
		})
	}
}
