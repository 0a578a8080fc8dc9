package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/pocketbase"
)

// direct sends a request past the gateway.
func (w *world) direct(method, path, form string, body []byte) {
	w.Helper()
	token, err := db.Superuser()
	if err != nil {
		w.Fatal(err)
	}
	answer, err := db.Fetch(w.Context(), &pocketbase.Request{
		Method: method, Path: path, Header: http.Header{"Content-Type": {form}}, Token: token,
		Body: bytes.NewReader(body), ContentLength: int64(len(body)),
	})
	if err != nil || answer.Status != http.StatusOK {
		w.Fatalf("%s %s: %+v, %v", method, path, answer, err)
	}
}

// changed is a note to change, with what its values may be called in a request:
// FIRST and SECOND for its docs, OLD for its image.
func (w *world) changed() (*core.Record, *strings.Replacer) {
	w.Helper()
	r := w.record("notes", map[string]any{
		"title": "before", "count": 2, "tags": []string{"a", "b"}, "pin": "111111",
		"docs": []any{upload(w.T, "one.txt", "1"), upload(w.T, "two.txt", "2")}, "image": upload(w.T, "old.txt", "old"),
	})
	docs := r.GetStringSlice("docs")
	return r, strings.NewReplacer("FIRST", docs[0], "SECOND", docs[1], "OLD", r.GetString("image"))
}

// state is what is stored, files by their contents too.
func (w *world) state(id string) string {
	w.Helper()
	r := w.stored("notes", id)
	out := fmt.Sprintf("%s %v %v", r.GetString("title"), r.GetFloat("count"), r.GetStringSlice("tags"))
	for _, name := range append(r.GetStringSlice("docs"), r.GetStringSlice("image")...) {
		out += fmt.Sprintf(" %s:%s", plainNames(plainNames(name)), content(w.T, r, name)) // a batch appends two suffixes
	}
	return out
}

// sameAsPocketBase updates one note through the gateway and its twin past it, as
// requests of their own and as members of a batch. The policy has to see the
// value that is stored, as set plainly. Texts of pairs are sent as JSON, so that
// the same can be said in a batch.
func sameAsPocketBase(t *testing.T, fields, seen string, uploads ...string) {
	t.Helper()
	for _, settings := range []Settings{byRules(), alone("notes")} {
		w := newWorld(t)
		w.use(map[string]string{"notes": "witness"}, settings)

		one, names := w.changed()
		twin, twinNames := w.changed()
		body, kind := multipartOf(append([]string{"@jsonPayload", names.Replace(fields)}, uploads...)...)
		w.ask(ask{op: update, collection: "notes", id: one.Id, body: body, form: kind}).is(http.StatusOK, "")
		body, kind = multipartOf(append([]string{"@jsonPayload", twinNames.Replace(fields)}, uploads...)...)
		w.direct("PATCH", "/api/collections/notes/records/"+twin.Id, kind, body)
		w.same(one, twin, fields, seen)

		one, names = w.changed()
		twin, twinNames = w.changed()
		body, kind = batchOf(one.Id, names.Replace(fields), uploads)
		w.batch(ask{body: body, form: kind}).is(http.StatusOK, "")
		body, kind = batchOf(twin.Id, twinNames.Replace(fields), uploads)
		w.direct("POST", "/api/batch", kind, body)
		w.same(one, twin, "in a batch, "+fields, seen)
	}
}

func batchOf(id, fields string, uploads []string) (body []byte, kind string) {
	pairs := []string{"@jsonPayload", fmt.Sprintf(`{"requests":[{"method":"PATCH","url":"/api/collections/notes/records/%s","body":%s}]}`, id, fields)}
	for i := 0; i < len(uploads); i += 2 {
		pairs = append(pairs, "requests.0."+uploads[i], uploads[i+1])
	}
	return multipartOf(pairs...)
}

func (w *world) same(one, twin *core.Record, what, seen string) {
	w.Helper()
	if got, want := w.state(one.Id), w.state(twin.Id); got != want {
		w.Errorf("%s: stored %s; PocketBase stores %s", what, got, want)
	}
	if got := plainNames(w.stored("notes", one.Id).GetString("seen")); got != seen {
		w.Errorf("%s: the policy saw %s; want %s", what, got, seen)
	}
}

// A field may come under several keys. PocketBase takes shorter keys first, so the
// plain one, and modifiers as Go's map happens to hand them out
// (Record.ReplaceModifiers in core/record_model.go): that is allowed where every
// order comes to the same.
func TestSeveralModifiersOfOneField(t *testing.T) {
	f := func(fields, seen string) {
		t.Helper()
		sameAsPocketBase(t, fields, seen)
	}
	f(`{"count":5,"count+":2}`, "count=7")
	f(`{"count+":5,"count-":2}`, "count=5")
	f(`{"count-":1,"count":9,"count+":4}`, "count=12")
	f(`{"tags+":"c","tags-":"a"}`, "tags=[b,c]")
	f(`{"+tags":"c","tags+":"d"}`, "tags=[c,a,b,d]")
	f(`{"tags":["d","c"],"tags-":["c","a"],"title":"t"}`, "title=t tags=[d]")
	f(`{"tags-":["a","b"],"+tags":"d"}`, "tags=[d]")
	f(`{"docs":["SECOND","FIRST"],"docs-":"FIRST"}`, "docs=[two.txt]")
	f(`{"count+":1,"+count":5}`, "count(append)=3") // numbers have no such modifier
}

func TestGeneratedBehindPlain(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "witness"}, byRules())
	r, _ := w.changed()
	w.ask(ask{op: update, collection: "notes", id: r.Id, body: map[string]any{"pin": "x", "pin:autogenerate": "ab"}}).is(http.StatusOK, "")
	pin := w.stored("notes", r.Id).GetString("pin")
	if seen := w.stored("notes", r.Id).GetString("seen"); seen != "pin="+pin || !strings.HasPrefix(pin, "ab") || len(pin) != 8 {
		t.Errorf("judged %s, stored %s", seen, pin)
	}
}

func TestUploadsBesideModifiers(t *testing.T) {
	sameAsPocketBase(t, `{"docs-":"FIRST"}`, "docs=[two.txt,new.txt]", "docs+|new.txt", "n")
	sameAsPocketBase(t, `{"docs-":["FIRST","SECOND"]}`, "docs=[new.txt]", "docs+|new.txt", "n")
	sameAsPocketBase(t, `{"docs-":"SECOND"}`, "docs=[new.txt,one.txt]", "+docs|new.txt", "n")
	sameAsPocketBase(t, `{"docs":["SECOND"]}`, "docs=[two.txt,new.txt]", "docs+|new.txt", "n")
	sameAsPocketBase(t, `{"docs":[]}`, "docs=[new.txt]", "docs+|new.txt", "n")
	sameAsPocketBase(t, `{"docs":["SECOND","FIRST"],"docs-":"SECOND"}`, "docs=[new.txt,one.txt,last.txt]", "+docs|new.txt", "n", "docs+|last.txt", "l")
	sameAsPocketBase(t, `{}`, "docs=[new.txt,one.txt,two.txt,last.txt]", "+docs|new.txt", "n", "docs+|last.txt", "l")
	sameAsPocketBase(t, `{}`, "docs=[new.txt,last.txt]", "docs|new.txt", "n", "docs+|last.txt", "l")
	sameAsPocketBase(t, `{"image-":"OLD"}`, "image=new.txt", "image+|new.txt", "n")
	sameAsPocketBase(t, `{"image-":"OLD"}`, "image=new.txt", "+image|new.txt", "n")
	sameAsPocketBase(t, `{"image":"OLD"}`, "image=new.txt", "image+|new.txt", "n")
	// Uploads under the plain name set the field: modifiers in the body are lost
	// on PocketBase (recordDataFromRequest in apis/record_crud.go).
	sameAsPocketBase(t, `{"docs-":"FIRST"}`, "docs=[new.txt]", "docs|new.txt", "n")
	sameAsPocketBase(t, `{"docs+":"FIRST","title":"t"}`, "title=t docs=[new.txt]", "docs|new.txt", "n")
}

// PocketBase adds uploads to what the body lists under their key, but in a batch
// they replace it (apis/batch.go).
func TestUploadsUnderTheKeyOfAList(t *testing.T) {
	for _, key := range []string{"docs", "docs+"} {
		for _, settings := range []Settings{byRules(), alone("notes")} {
			w := newWorld(t)
			w.use(map[string]string{"notes": "witness"}, settings)
			one, names := w.changed()
			twin, twinNames := w.changed()
			fields := fmt.Sprintf(`{%q:["SECOND"]}`, key)
			body, kind := batchOf(one.Id, names.Replace(fields), []string{key + "|new.txt", "n"})
			w.batch(ask{body: body, form: kind}).is(http.StatusOK, "")
			body, kind = batchOf(twin.Id, twinNames.Replace(fields), []string{key + "|new.txt", "n"})
			w.direct("POST", "/api/batch", kind, body)
			w.same(one, twin, "in a batch, "+fields, map[string]string{"docs": "docs=[new.txt]", "docs+": "docs(append)=[one.txt,two.txt,new.txt]"}[key])

			one, names = w.changed()
			twin, twinNames = w.changed()
			body, kind = multipartOf("@jsonPayload", names.Replace(fields), key+"|new.txt", "n")
			w.ask(ask{op: update, collection: "notes", id: one.Id, body: body, form: kind}).is(http.StatusOK, "")
			body, kind = multipartOf("@jsonPayload", twinNames.Replace(fields), key+"|new.txt", "n")
			w.direct("PATCH", "/api/collections/notes/records/"+twin.Id, kind, body)
			w.same(one, twin, fields, map[string]string{"docs": "docs=[two.txt,new.txt]", "docs+": "docs=[one.txt,two.txt,new.txt]"}[key])
		}
	}
}

// What would be left to chance is refused, with the reason.
func TestModifiersWhoseOrderDecides(t *testing.T) {
	for _, settings := range []Settings{byRules(), alone("notes")} {
		w := newWorld(t)
		w.use(map[string]string{"notes": "witness"}, settings)
		for _, fields := range []map[string]any{{"tags+": "c", "tags-": "c"}, {"tags": "c", "+tags": "c", "tags+": []any{"d", "c"}, "tags-": "d"}} {
			r, _ := w.changed()
			before := w.state(r.Id)
			a := w.ask(ask{op: update, collection: "notes", id: r.Id, body: fields}).is(http.StatusBadRequest, "duplicate_field")
			if !strings.Contains(a.detail, "which comes first decides what is stored") || w.state(r.Id) != before {
				t.Errorf("%v: %s; stored %s", fields, a.detail, w.state(r.Id))
			}
			raw, _ := json.Marshal(requests(storing("PATCH", "notes/records/"+r.Id, fields)))
			if a := w.batch(ask{body: raw}); !strings.Contains(a.body, "duplicate_field") || w.state(r.Id) != before {
				t.Errorf("in a batch, %v: %s; stored %s", fields, a.body, w.state(r.Id))
			}
		}
	}
}
