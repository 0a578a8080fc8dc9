package gateway

import (
	"sync/atomic"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// Records are read a second time, whole, for policies alone that ask for what
// the database withholds from the caller.
func TestRecordsAreReadWholeWhenThatMatters(t *testing.T) {
	w := newWorld(t)
	var again atomic.Int64
	id := app.OnRecordsListRequest("notes").BindFunc(func(e *core.RecordsListRequestEvent) error {
		if e.HasSuperuserAuth() {
			again.Add(1)
		}
		return e.Next()
	})
	defer app.OnRecordsListRequest("notes").Unbind(id)
	high := w.record("notes", map[string]any{"title": "high", "bio": "told", "level": 9})
	low := w.record("notes", map[string]any{"title": "low", "bio": "told", "level": 1})

	f := func(policy string, reads int64, masked bool) {
		t.Helper()
		w.use(map[string]string{"notes": policy}, byRules())
		again.Store(0)
		for range 3 {
			for _, item := range w.ask(ask{op: list, collection: "notes"}).is(200, "").items() {
				if _, told := item["bio"]; told == (masked && item["id"] == high.Id) {
					t.Errorf("%s: %v", policy, item)
				}
			}
			if a := w.ask(ask{op: view, collection: "notes", id: high.Id}).is(200, ""); (a.text("bio") == "") != masked {
				t.Errorf("%s: %s", policy, a.body)
			}
			if a := w.ask(ask{op: view, collection: "notes", id: low.Id}).is(200, ""); a.text("bio") != "told" {
				t.Errorf("%s: %s", policy, a.body)
			}
		}
		if n := again.Load(); n != reads {
			t.Errorf("%s: records were read again %d times, not %d", policy, n, reads)
		}
	}
	f("drops", 0, false)
	f("script", 3, true) // by the hidden level, each of them once
}
