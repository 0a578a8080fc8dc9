package gateway

import (
	"strings"
	"testing"
)

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

// A body that would become too much, or a record that nobody could read, is refused
// before it is decoded.
func TestShapeOfBodies(t *testing.T) {
	for _, s := range []Settings{byRules(), alone("notes")} {
		w := newWorld(t)
		w.use(map[string]string{"notes": "script"}, s)
		f := func(status int, detail, meta string) {
			t.Helper()
			form, kind := multipartOf("meta", meta)
			payload, payloadKind := multipartOf("@jsonPayload", `{"meta":`+meta+`}`)
			for _, q := range []ask{{body: `{"meta":` + meta + `}`}, {body: form, form: kind}, {body: payload, form: payloadKind}} {
				q.op, q.collection = create, "notes"
				a := w.ask(q)
				if a.status != status || !strings.Contains(a.detail, detail) {
					t.Errorf("%.20s… of %d bytes as %.20q: %d %.300s", meta, len(meta), q.form, a.status, a.body)
				}
			}
		}
		f(200, "", nested(120))
		f(400, "nested more than 128 deep", nested(200))
		f(400, "nested more than 128 deep", nested(5000))
		f(200, "", `[`+strings.Repeat(`1,`, 50_000)+`1]`)
		f(400, "more than 100000 values", `[`+strings.Repeat(`[],`, 60_000)+`1]`)
		f(200, "", `"`+strings.Repeat(`[,{\"`, 40_000)+`"`)
	}
}

// A record that cannot be read hurts nobody but whoever asks for it.
func TestRecordsThatCannotBeRead(t *testing.T) {
	for _, s := range []Settings{byRules(), alone("notes")} {
		w := newWorld(t)
		w.record("notes", map[string]any{"title": "first"})
		poison := w.record("notes", map[string]any{"title": "deep", "meta": nested(400)})
		w.record("notes", map[string]any{"title": "leads", "peer": poison.Id})
		w.record("notes", map[string]any{"title": "last"})
		comment := w.record("comments", map[string]any{"text": "one", "note": poison.Id})
		w.use(map[string]string{"notes": "script"}, s)
		if a := w.ask(ask{op: list, collection: "notes", query: "sort=@rowid"}).is(200, ""); a.titles() != "first last" {
			t.Errorf("%v: listed %q", s.ByPolicy, a.titles())
		}
		w.ask(ask{op: view, collection: "notes", id: poison.Id}).is(403, "record_unreadable")
		w.ask(ask{op: update, collection: "notes", id: poison.Id, body: map[string]any{"title": "x"}}).is(403, "record_unreadable")
		w.ask(ask{op: remove, collection: "notes", id: poison.Id}).is(403, "record_unreadable")
		a := w.ask(ask{op: view, collection: "comments", id: comment.Id, query: "expand=note"}).is(200, "")
		if got := expanded(a.object()); got != "" {
			t.Errorf("expanded %q", got)
		}
	}
}
