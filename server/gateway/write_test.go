package gateway

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

func upload(t *testing.T, name, content string) *filesystem.File {
	t.Helper()
	f, err := filesystem.NewFileFromBytes([]byte(content), name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// content reads a stored file.
func content(t *testing.T, r *core.Record, name string) string {
	t.Helper()
	files, err := app.NewFilesystem()
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	reader, err := files.GetReader(r.BaseFilesPath() + "/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	raw, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// suffix is what PocketBase appends to the name of an uploaded file.
var suffix = regexp.MustCompile(`_\w{10}\.txt`)

func plainNames(s string) string { return suffix.ReplaceAllString(s, ".txt") }

// What the policy judged is what is stored, for every form a field may come in.
// The policy writes down what it saw, in the record itself.
func TestStoredIsWhatWasJudged(t *testing.T) {
	var w *world
	var before *core.Record
	begin := func() {
		t.Helper()
		before = w.record("notes", map[string]any{
			"title": "before", "count": 2, "tags": []string{"a", "b"}, "pin": "111111", "secret": "kept", "level": 4,
			"docs": []any{upload(t, "one.txt", "1"), upload(t, "two.txt", "2")}, "image": upload(t, "old.txt", "old"),
		})
	}
	// f updates that record; seen is what the policy has to see, stored what has
	// to be there in the end, both with PocketBase's suffixes taken off.
	f := func(body any, form, seen, stored string) {
		t.Helper()
		begin()
		w.ask(ask{op: update, collection: "notes", id: before.Id, body: body, form: form}).is(200, "")
		r := w.stored("notes", before.Id)
		if got := plainNames(r.GetString("seen")); got != seen {
			t.Errorf("%s: the policy saw %s; want %s", body, got, seen)
		}
		name, _, _ := strings.Cut(stored, "=")
		if got := plainNames(fmt.Sprintf("%s=%v", name, r.Get(name))); name != "" && got != stored {
			t.Errorf("%s: stored %s; want %s", body, got, stored)
		}
		if r.GetString("secret") != "kept" || r.GetInt("level") != 4 {
			t.Errorf("%s: hidden fields are now %q and %d", body, r.GetString("secret"), r.GetInt("level"))
		}
	}
	json := func(body, seen, stored string) {
		t.Helper()
		f([]byte(body), "", seen, stored)
	}
	form := func(seen, stored string, pairs ...string) {
		t.Helper()
		body, kind := multipartOf(pairs...)
		f(body, kind, seen, stored)
	}

	for _, settings := range []Settings{byRules(), alone("notes")} {
		w = newWorld(t)
		w.use(map[string]string{"notes": "witness"}, settings)

		json(`{"title":"new"}`, "title=new", "title=new")
		json(`{"title":7}`, "title=7", "title=7")
		json(`{"count":"5"}`, "count=5", "count=5")
		json(`{"count+":5}`, "count(append)=7", "count=7")
		json(`{"count-":3}`, "count(remove)=-1", "count=-1")
		json(`{"tags+":"c"}`, "tags(append)=[a,b,c]", "tags=[a b c]")
		json(`{"+tags":["c","d"]}`, "tags(prepend)=[c,d,a,b]", "tags=[c d a b]")
		json(`{"tags-":["a","d"]}`, "tags(remove)=[b]", "tags=[b]")
		json(`{"tags":["d","d","c"]}`, "tags=[d,c]", "tags=[d c]")
		json(`{"meta":{"b":[1,null,true]}}`, "meta={b:[1,null,true]}", `meta={"b":[1,null,true]}`)
		json(`{"meta":"{\"a\":1,\"a\":2}"}`, "meta={a:2}", `meta={"a":2}`)
		json(`{"docs":[]}`, "docs=[]", "docs=[]")
		json(`{"title+":"x","nothing":1}`, "title(append)=before", "title=before") // judged, and then not sent
		json(`{"title":"new","secret":"mine","level+":9}`, "title=new", "title=new")
		json(`{"seen":"mine"}`, "seen=mine", "")
		json(``, "", "title=before")

		form("title=x count=3 docs=[new.txt]", "docs=[new.txt]", "title", "x", "@jsonPayload", `{"count":3}`, "docs|new.txt", "n")
		form("docs(append)=[one.txt,two.txt,new.txt]", "docs=[one.txt two.txt new.txt]", "docs+|new.txt", "n")
		form("docs(prepend)=[new.txt,one.txt,two.txt]", "docs=[new.txt one.txt two.txt]", "+docs|new.txt", "n")
		form("docs(append)=[one.txt,two.txt,new.txt,last.txt]", "docs=[one.txt two.txt new.txt last.txt]", "docs+|new.txt", "n", "docs+|last.txt", "l")
		form("image=new.txt", "image=new.txt", "image|new.txt", "n")
		form("count=7 tags=[c,d]", "tags=[c d]", "tags", "c", "tags", "d", "count", "7")
		form("title=2021-01", "title=2021-01", "title", "2021-01")

		// Stored files are named by their stored names.
		begin()
		docs := before.GetStringSlice("docs")
		body, kind := multipartOf("docs", docs[1], "docs|new.txt", "n", "@jsonPayload", `{"title":"t"}`)
		w.ask(ask{op: update, collection: "notes", id: before.Id, body: body, form: kind}).is(200, "")
		r := w.stored("notes", before.Id)
		if got := plainNames(fmt.Sprint(r.GetString("seen"), r.GetStringSlice("docs"))); got != "title=t docs=[two.txt,new.txt][two.txt new.txt]" {
			t.Errorf("one kept beside a new one: %s", got)
		}
		if c := content(t, r, r.GetStringSlice("docs")[1]); c != "n" {
			t.Errorf("the upload holds %q", c)
		}
		w.ask(ask{op: update, collection: "notes", id: before.Id, body: map[string]any{"docs-": docs[1]}}).is(200, "")
		r = w.stored("notes", before.Id)
		if got := plainNames(fmt.Sprint(r.GetString("seen"), r.GetStringSlice("docs"))); got != "docs(remove)=[new.txt][new.txt]" {
			t.Errorf("one removed: %s", got)
		}
		w.ask(ask{op: update, collection: "notes", id: before.Id, body: map[string]any{"pin:autogenerate": ""}}).is(200, "")
		r = w.stored("notes", before.Id)
		if want := "pin(autogenerate)=" + r.GetString("pin"); r.GetString("seen") != want || r.GetString("pin") == "111111" {
			t.Errorf("a generated pin: judged %s, stored %s", r.GetString("seen"), want)
		}
		a := w.ask(ask{op: create, collection: "notes", body: map[string]any{"id": "abcdefghij12345", "count+": 3, "tags+": "b", "pin": ""}}).is(200, "")
		r = w.stored("notes", a.text("id"))
		if r.Id != "abcdefghij12345" || r.GetString("seen") != "id=abcdefghij12345 count(append)=3 tags(append)=[b]" || r.GetInt("count") != 3 || len(r.GetString("pin")) != 6 {
			t.Errorf("created %v", r)
		}
	}
}

// What two readers could read differently is refused, and nothing is stored.
func TestAmbiguousWritesAreRefused(t *testing.T) {
	w := newWorld(t)
	f := func(status int, code, detail, query, form string, body any) {
		t.Helper()
		for _, settings := range []Settings{byRules(), alone("notes")} {
			w.use(map[string]string{"notes": "witness"}, settings)
			r := w.record("notes", map[string]any{"title": "before"})
			count := w.count("notes")
			for _, q := range []ask{{op: create}, {op: update, id: r.Id}} {
				q.collection, q.query, q.body, q.form = "notes", query, body, form
				a := w.ask(q).is(status, code)
				if !strings.Contains(a.detail, detail) {
					t.Errorf("%s: %s", body, a.detail)
				}
			}
			if now := w.stored("notes", r.Id); now.GetString("title") != "before" || now.GetString("seen") != "" || w.count("notes") != count {
				t.Errorf("%s: something was stored", body)
			}
		}
	}
	f(400, "duplicate_field", "title", "", "", []byte(`{"title":"a","title":"b"}`))
	f(400, "duplicate_field", "TITLE", "", "", []byte(`{"title":"a","TITLE":"b"}`))
	f(400, "duplicate_field", `"tags" is changed by +tags and tags-`, "", "", []byte(`{"tags-":"a","+tags":"a"}`))
	f(400, "field_in_query", "title", "title=x", "", []byte(`{}`))
	f(400, "field_in_query", "tags+", query("tags+", "a"), "", []byte(`{}`))
	f(400, "field_in_query", "@jsonPayload", query("@jsonPayload", `{"title":"x"}`), "", []byte(`{}`))
	f(400, "field_in_query", "title", "title=x", "application/x-www-form-urlencoded", []byte(`count=1`))
	f(400, "bad_body", "", "", "text/plain", []byte(`{"title":"x"}`))
	multi := func(status int, code, detail string, pairs ...string) {
		t.Helper()
		body, kind := multipartOf(pairs...)
		f(status, code, detail, "", kind, body)
	}
	multi(400, "upload_not_judged", "title", "title|a.txt", "x")
	multi(400, "upload_not_judged", "docs-", "docs-|a.txt", "x")
	multi(400, "upload_not_judged", "nothing", "nothing|a.txt", "x")
	multi(400, "duplicate_field", "docs", "DOCS", "x", "docs|b.txt", "x")
	multi(400, "duplicate_field", "Title", "title", "x", "@jsonPayload", `{"Title":"y"}`)
	multi(413, "body_too_large", "texts", "title", strings.Repeat("x", 16<<20))
}

func TestEffects(t *testing.T) {
	w := newWorld(t)
	f := func(settings Settings, do string, status int, code, title, secret string) {
		t.Helper()
		w.use(map[string]string{"notes": "script"}, settings)
		r := w.record("notes", map[string]any{"title": "before", "secret": "before"})
		a := w.ask(ask{op: update, collection: "notes", id: r.Id, query: "do=" + do, body: map[string]any{"title": "sent"}}).is(status, code)
		if now := w.stored("notes", r.Id); now.GetString("title") != title || now.GetString("secret") != secret {
			t.Errorf("%s: %d, and stored %q and %q", do, a.status, now.GetString("title"), now.GetString("secret"))
		}
	}
	const policys = "set by the policy"
	for _, s := range []Settings{byRules(), alone("notes")} {
		f(s, "set:title", 200, "", policys, "before")
		f(s, "unset:title", 200, "", "before", "before")
		f(s, "undeclared", 403, "policy_invalid", "before", "before")
		f(s, "set:title,update:refuse", 403, "told_to", "before", "before")
	}
	f(alone("notes"), "set:secret", 200, "", "sent", policys)
	f(byRules(), "set:secret", 403, "policy_invalid", "before", "before") // PocketBase would drop it
}

// A write to what is not there for the caller is answered as if it did not
// exist, whatever is wrong with the write.
func TestWritesToInvisibleRecords(t *testing.T) {
	w := newWorld(t)
	invisible := map[string]string{"X-Rules": "no"}
	f := func(settings Settings, header map[string]string, title string) {
		t.Helper()
		w.use(map[string]string{"notes": "script"}, settings)
		r := w.record("notes", map[string]any{"title": title})
		for _, body := range []string{`{"title":"after"}`, `{"title":`, `{"title":"a","title":"b"}`, `[]`} {
			for _, do := range []string{"", "update:refuse", "update:trap", "update:hide"} {
				missing := w.ask(ask{op: update, collection: "notes", id: "missing", body: body, header: header, query: "do=" + do})
				a := w.ask(ask{op: update, collection: "notes", id: r.Id, body: body, header: header, query: "do=" + do}).is(404, "")
				if a.body != missing.body {
					t.Errorf("%s: %s; a missing one: %s", body, a.body, missing.body)
				}
			}
		}
		w.ask(ask{op: remove, collection: "notes", id: r.Id, header: header, query: "do=delete:refuse"}).is(404, "")
		if now := w.stored("notes", r.Id); now == nil || now.GetString("title") != title {
			t.Error("something was written")
		}
	}
	hiddenField := w.record("notes", map[string]any{"title": "before"})
	w.use(map[string]string{"notes": "script"}, byRules())
	for _, do := range []string{"set:secret", "undeclared"} { // a policy that asks for what cannot be
		w.ask(ask{op: update, collection: "notes", id: hiddenField.Id, body: map[string]any{}, header: invisible, query: "do=" + do}).is(404, "")
	}
	f(byRules(), invisible, "before")
	f(byRules(), nil, "unseen")
	f(alone("notes"), nil, "unseen")
	f(alone("notes"), nil, "poison")
}

// Each of many changes at once is judged on what the one before it stored.
func TestConcurrentChangesAllCount(t *testing.T) {
	w := newWorld(t)
	for _, settings := range []Settings{byRules(), alone("notes")} {
		w.use(map[string]string{"notes": "witness"}, settings)
		r := w.record("notes", nil)
		const writers = 20
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				if a := w.ask(ask{op: update, collection: "notes", id: r.Id, body: map[string]any{"count+": 1}}); a.status != 200 {
					t.Errorf("%d %s", a.status, a.body)
				}
			})
		}
		all.Wait()
		now := w.stored("notes", r.Id)
		if now.GetInt("count") != writers || now.GetString("seen") != fmt.Sprintf("count(append)=%d", writers) {
			t.Errorf("%d counted, and the last was judged as %s", now.GetInt("count"), now.GetString("seen"))
		}
	}
}

// A blank that the database fills in is as if it were not sent.
func TestGeneratedBlanksAreNotJudged(t *testing.T) {
	w := newWorld(t)
	for _, settings := range []Settings{byRules(), alone("notes")} {
		w.use(map[string]string{"notes": "witness"}, settings)
		a := w.ask(ask{op: create, collection: "notes", body: map[string]any{"title": "", "pin": ""}}).is(200, "")
		if got := w.stored("notes", a.text("id")); got.GetString("seen") != `title=` || len(got.GetString("pin")) != 6 {
			t.Errorf("%q was judged, %q is stored", got.GetString("seen"), got.GetString("pin"))
		}
	}
}

// Who sends a record back as it was read, its id included, changes what differs.
func TestOwnIDIsNoChange(t *testing.T) {
	w := newWorld(t)
	for _, settings := range []Settings{byRules(), alone("notes")} {
		w.use(map[string]string{"notes": "witness"}, settings)
		note := w.record("notes", map[string]any{"title": "before"})
		update := func(id string) answer {
			return w.ask(ask{op: update, collection: "notes", id: note.Id, body: map[string]any{"id": id, "title": "after"}})
		}
		update(note.Id).is(200, "")
		if got := w.stored("notes", note.Id).GetString("seen"); got != "title=after" {
			t.Errorf("the policy saw %q", got)
		}
		if a := update("another"); a.status == 200 {
			t.Errorf("another id is taken: %s", a.body)
		}
	}
}
