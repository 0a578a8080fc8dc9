package gateway

import (
	"context"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// A write that does not end in time keeps its turn until it has ended, for the
// next one is judged on what it stored; and nobody is told that it was not.
func TestLeftWritesKeepTheirTurn(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, alone("notes"))
	note := w.record("notes", map[string]any{"title": "before"})
	soon := func() context.Context {
		ctx, cancel := context.WithTimeout(w.Context(), 50*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	late := map[string]any{"title": "late"}
	f := func(write func() (*Response, error)) {
		t.Helper()
		holding, release, held := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			held <- app.RunInTransaction(func(core.App) error { close(holding); <-release; return nil })
		}()
		<-holding
		w.read(write()).is(504, "upstream_timeout")
		if taken := w.turns(); taken != 1 {
			t.Errorf("%d turns are taken while it goes on", taken)
		}
		close(release)
		w.ask(ask{op: update, collection: "notes", id: note.Id, body: map[string]any{"title": "next"}}).is(200, "")
		if title := w.stored("notes", note.Id).GetString("title"); title != "next" {
			t.Errorf("the next write has been written over: %q", title)
		}
		if taken := w.turns(); taken != 0 {
			t.Errorf("%d turns are still taken", taken)
		}
		if err := <-held; err != nil {
			t.Error(err)
		}
	}
	f(func() (*Response, error) {
		q := ask{op: update, collection: "notes", id: note.Id, body: late}
		return w.Serve(soon(), &Request{Passage: *w.passage(q), Operation: update, Collection: "notes", RecordID: note.Id})
	})
	f(func() (*Response, error) {
		return w.Batch(soon(), w.passage(ask{body: requests(storing("PATCH", "notes/records/"+note.Id, late))}), false)
	})
}

// turns counts the records that somebody writes to.
func (w *world) turns() int {
	w.writes.mu.Lock()
	defer w.writes.mu.Unlock()
	return len(w.writes.turns)
}
