package gateway

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// keys are a record's, sorted.
func keys(record map[string]any) string {
	var out []string
	for k := range record {
		out = append(out, k)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return q.Encode()
}

// Acting as superuser shows no field that PocketBase would have kept back.
func TestHiddenFieldsNeverLeave(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, alone("notes"))
	r := w.record("notes", map[string]any{"title": "x", "secret": "hush", "level": 3})
	f := func(q ask) {
		t.Helper()
		q.collection = "notes"
		a := w.ask(q).is(200, "")
		if strings.Contains(a.body, "hush") || strings.Contains(a.body, "secret") || strings.Contains(a.body, "level") {
			t.Errorf("%v: a hidden field leaves: %s", q.op, a.body)
		}
		if !strings.Contains(a.body, r.Id) && q.op != create {
			t.Errorf("%v: the record is missing: %s", q.op, a.body)
		}
	}
	f(ask{op: list})
	f(ask{op: list, query: "fields=*,secret,level"})
	f(ask{op: list, query: query("fields", "id,items.id,items.secret")})
	f(ask{op: view, id: r.Id})
	f(ask{op: view, id: r.Id, query: "fields=id,secret"})
	f(ask{op: create, body: map[string]any{"title": "new"}, query: "do=set:secret"})
	f(ask{op: update, id: r.Id, body: map[string]any{"title": "newer"}, query: "fields=id,secret,level"})
}

// A field that the schema in force does not know could be a hidden one.
func TestUnknownFieldsNeverLeave(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"plain": "drops"}, alone("plain")) // holds the schema as it is
	plain, err := app.FindCollectionByNameOrId("plain")
	if err != nil {
		t.Fatal(err)
	}
	plain.Fields.Add(&core.TextField{Name: "added", Hidden: true})
	if err := app.Save(plain); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		plain.Fields.RemoveByName("added")
		if err := app.Save(plain); err != nil {
			t.Error(err)
		}
	})
	r := w.record("plain", map[string]any{"title": "x", "added": "hush"})
	for _, q := range []ask{{op: list}, {op: view, id: r.Id}, {op: view, id: r.Id, query: "fields=added,title"}} {
		q.collection = "plain"
		if a := w.ask(q).is(200, ""); strings.Contains(a.body, "added") {
			t.Errorf("%v: %s", q.op, a.body)
		}
	}
}

// An address that is not visible is its owner's alone, whoever asks upstream.
func TestEmailVisibility(t *testing.T) {
	w := newWorld(t)
	for _, s := range []Settings{byRules(), alone("users")} {
		w = newWorld(t)
		w.use(map[string]string{"users": "people"}, s)
		shy, token := w.user("shy@example.com", map[string]any{"name": "shy"})
		w.account("users", "open@example.com", map[string]any{"name": "open", "emailVisibility": true})

		emails := func(token, q string) string {
			t.Helper()
			var out []string
			for _, item := range w.ask(ask{op: list, collection: "users", token: token, query: q}).is(200, "").items() {
				out = append(out, fmt.Sprint(item["email"]))
			}
			slices.Sort(out)
			return strings.Join(out, " ")
		}
		f := func(token, q, want string) {
			t.Helper()
			if got := emails(token, q); got != want {
				t.Errorf("%+v: %q shows %q; want %q", s.ByPolicy, q, got, want)
			}
		}
		f("", "", "<nil> open@example.com")
		f(token, "", "open@example.com shy@example.com")
		f("", "fields=email,name", "<nil> open@example.com")
		f("", query("filter", `email ~ "example.com"`), "open@example.com")
		f("", query("filter", `email:lower = "shy@example.com"`), "")
		f("", query("filter", `name != "" && (email = "shy@example.com" || email != "x")`), "open@example.com")
		f("", query("filter", `"shy@example.com" = email`), "")
		f(token, query("filter", `email != ""`), "open@example.com")

		a := w.ask(ask{op: view, collection: "users", id: shy.Id}).is(200, "")
		if strings.Contains(a.body, "shy@") {
			t.Errorf("a guest sees the address: %s", a.body)
		}
		if a := w.ask(ask{op: view, collection: "users", id: shy.Id, token: token}).is(200, ""); !strings.Contains(a.body, "shy@") {
			t.Errorf("its owner does not see the address: %s", a.body)
		}
	}
	// PocketBase does not guard an address in a function; the gateway does.
	if a := w.ask(ask{op: list, collection: "users", query: query("filter", `strftime("%Y", email) = null`)}).is(200, ""); len(a.items()) != 1 {
		t.Errorf("a function of an address finds %s", a.body)
	}
	for _, s := range []Settings{byRules(), alone("users")} { // nor in a sort
		w.use(map[string]string{"users": "open", "notes": "script"}, s)
		for _, sort := range []string{"email", "-email", "name,+email", "email:lower"} {
			w.ask(ask{op: list, collection: "users", query: query("sort", sort)}).is(400, "field_unknown")
		}
	}
	w.use(map[string]string{"users": "open", "notes": "script"}, byRules())
	w.ask(ask{op: list, collection: "notes", query: "sort=-owner.email"}).is(400, "field_unknown") // though it is public
}

// What a policy masks is in no answer, and it judges by the whole record, which
// the caller's own rules would not show.
func TestMasks(t *testing.T) {
	w := newWorld(t)
	for _, s := range []Settings{byRules(), alone("notes")} {
		w.use(map[string]string{"notes": "script"}, s)
		high := w.record("notes", map[string]any{"title": "high", "bio": "told", "level": 9})
		low := w.record("notes", map[string]any{"title": "low", "bio": "told", "level": 1})

		f := func(masked bool, q ask) {
			t.Helper()
			q.collection = "notes"
			if a := w.ask(q).is(200, ""); strings.Contains(a.body, "bio") == masked {
				t.Errorf("%v %s of a record with mask %t: %s", q.op, q.query, masked, a.body)
			}
		}
		f(true, ask{op: view, id: high.Id})
		f(false, ask{op: view, id: low.Id})
		f(true, ask{op: view, id: high.Id, query: "fields=id,bio"})
		f(false, ask{op: view, id: low.Id, query: "fields=bio"})
		f(true, ask{op: list, query: query("filter", `title = "high"`)})
		f(false, ask{op: list, query: query("filter", `title = "low"`)})
		f(true, ask{op: list, query: query("filter", `title = "high"`, "fields", "items.bio,bio,id")})
		f(true, ask{op: update, id: high.Id, body: map[string]any{"bio": "new"}})
		f(false, ask{op: update, id: low.Id, body: map[string]any{"bio": "new"}})
		if got := w.stored("notes", high.Id).GetString("bio"); got != "new" {
			t.Errorf("a masked field is stored as %q", got)
		}
		w.ask(ask{op: view, collection: "notes", id: low.Id, query: "do=view:undeclared"}).is(403, "policy_invalid")
		for _, id := range []string{high.Id, low.Id} {
			w.ask(ask{op: remove, collection: "notes", id: id}).is(204, "")
		}
	}
}

func TestAlwaysMasked(t *testing.T) {
	w := newWorld(t)
	for _, s := range []Settings{byRules(), alone("notes")} {
		w.use(map[string]string{"notes": "witness"}, s)
		r := w.record("notes", map[string]any{"private_note": "hush"})
		for _, q := range []ask{
			{op: list}, {op: view, id: r.Id}, {op: view, id: r.Id, query: "fields=private_note"},
			{op: create, body: map[string]any{"private_note": "hush"}},
			{op: update, id: r.Id, body: map[string]any{"private_note": "hush"}},
		} {
			q.collection = "notes"
			if a := w.ask(q).is(200, ""); strings.Contains(a.body, `"private_note":`) {
				t.Errorf("%v: %s", q.op, a.body)
			}
		}
		w.ask(ask{op: list, collection: "notes", query: query("filter", `private_note ~ "h"`)}).is(400, "field_masked")
	}
}

// A write that was stored and may not be seen answers its id alone.
func TestWrittenAndNotToBeSeen(t *testing.T) {
	w := newWorld(t)
	for _, s := range []Settings{byRules(), alone("notes")} {
		for _, do := range []string{"view:refuse", "view:hide", "view:trap"} {
			w.use(map[string]string{"notes": "script"}, s)
			before := w.count("notes")
			a := w.ask(ask{op: create, collection: "notes", body: map[string]any{"title": "x"}, query: "do=" + do}).is(200, "")
			if keys(a.object()) != "id" || w.count("notes") != before+1 || w.stored("notes", a.text("id")) == nil {
				t.Errorf("%s: answered %s", do, a.body)
			}
		}
		r := w.record("notes", map[string]any{"title": "x"})
		a := w.ask(ask{op: update, collection: "notes", id: r.Id, body: map[string]any{"title": "unseen"}}).is(200, "")
		if keys(a.object()) != "id" || w.stored("notes", r.Id).GetString("title") != "unseen" {
			t.Errorf("an update out of sight: %s", a.body)
		}
		w.ask(ask{op: update, collection: "notes", id: r.Id, body: map[string]any{"title": "back"}}).is(404, "")
		w.ask(ask{op: remove, collection: "notes", id: r.Id}).is(404, "")
	}
	w.use(map[string]string{"notes": "partial"}, alone("notes"))
	a := w.ask(ask{op: create, collection: "notes", body: map[string]any{"title": "x"}}).is(200, "")
	if keys(a.object()) != "id" {
		t.Errorf("view is not handled, and the answer to a create is %s", a.body)
	}
}

func TestListsWithRecordsKeptBack(t *testing.T) {
	w := newWorld(t)
	for _, s := range []Settings{byRules(), alone("notes")} {
		w = newWorld(t)
		f := func(policy, q, want string, total float64) {
			t.Helper()
			w.use(map[string]string{"notes": policy}, s)
			a := w.ask(ask{op: list, collection: "notes", query: q}).is(200, "")
			if got := a.titles(); got != want || a.object()["totalItems"] != total {
				t.Errorf("%s %q: %q of %v; want %q of %v", policy, q, got, a.object()["totalItems"], want, total)
			}
		}
		for i, title := range []string{"one", "hidden", "two"} {
			w.record("notes", map[string]any{"title": title, "count": i})
		}
		f("drops", "", "one two", -1)
		f("drops", "skipTotal=0&sort=@rowid", "one two", -1)
		f("drops", "perPage=2&page=2", "", -1)
		f("drops", "perPage=1&page=2", "two", -1)
		f("script", "sort=@rowid", "one hidden two", 3)
		f("script", "sort=@rowid&perPage=2", "one hidden", 3)
		f("script", "do=list:narrow", "two", 1)
		f("script", query("do", "list:narrow", "filter", `title = "one" || title = "two"`), "two", 1)
		f("script", query("filter", `title = "one" || title = "two"`, "sort", "-title"), "two one", 2)
		w.record("notes", map[string]any{"title": "unseen"})
		// The first to ask about it is refused, and so is everyone from then on.
		w.ask(ask{op: list, collection: "notes", query: query("filter", `title ~ "uns"`)}).is(400, "filters_refused")
		w.ask(ask{op: list, collection: "notes", query: query("filter", `title = "one"`)}).is(400, "filters_refused")
		f("script", "sort=@rowid", "one hidden two", -1)
		w.record("notes", map[string]any{"title": "poison"})
		w.record("notes", map[string]any{"title": "last"})
		f("script", "sort=@rowid", "one hidden two last", -1)
		f("script", "sort=@rowid&skipTotal=1&perPage=1", "one", -1)

		w.use(map[string]string{"notes": "drops"}, s)
		w.ask(ask{op: list, collection: "notes", query: query("filter", `title = "one"`)}).is(400, "filters_refused")
		w.ask(ask{op: list, collection: "notes", query: "sort=title"}).is(400, "filters_refused")
	}
}

// A page keeps PocketBase's shape behind the "fields" parameter too.
func TestFieldsOfAPage(t *testing.T) {
	w := newWorld(t)
	w.record("notes", map[string]any{"title": "one"})
	for _, fields := range []string{"title", "*", "title:excerpt(2)", "title,nothing"} {
		q := ask{op: list, collection: "notes", query: query("fields", fields)}
		w.use(nil, byRules())
		want := w.ask(q).is(200, "").object()
		w.use(map[string]string{"notes": "script"}, byRules())
		if got := w.ask(q).is(200, "").object(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("fields=%s: %v; want %v", fields, got, want)
		}
	}
}

// A record that is deleted while a list is judged is left out, and the list is
// answered.
func TestRecordDeletedWhileItIsJudged(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	gone := w.record("notes", map[string]any{"title": "gone"})
	w.record("notes", map[string]any{"title": "stays"})
	deleteIt := func(a arrival) {
		if a.Superuser { // the caller's own request has read it by now
			return
		}
		if r := w.stored("notes", gone.Id); r != nil {
			if err := app.Delete(r); err != nil {
				t.Error(err)
			}
		}
	}
	w.before(deleteIt)
	if got := w.ask(ask{op: list, collection: "notes"}).is(200, "").titles(); got != "stays" {
		t.Errorf("the list has %q", got)
	}
	w.before(nil)
	gone = w.record("notes", map[string]any{"title": "gone"})
	w.before(deleteIt)
	w.ask(ask{op: view, collection: "notes", id: gone.Id}).is(404, "")
}
