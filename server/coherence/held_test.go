package coherence

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/cache"
)

// A read that has begun before a write and ends after it: whoever asks from the write
// on is shown what was written, then and when that read has ended.
func TestAReadFromBeforeAWritePutsNothingBack(t *testing.T) {
	w := newWorld(t, db)
	guest, other, user := w.viewers[0], w.viewers[1], w.viewers[2]
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	post, letter, draft := idOf("posts", 0), idOf("letters", 0), idOf("drafts", 0)
	must(store("posts", post, map[string]any{"title": "0", "author": user.id}))
	must(store("letters", letter, map[string]any{"title": "0", "post": post, "draft": false, "owner": user.id}))
	must(store("drafts", draft, map[string]any{"title": "0", "post": post, "author": user.id}))
	n := 0
	f := func(collection string, op abi.Operation, query, change string, first, second *viewer) {
		t.Helper()
		r := request{op: op, collection: collection, query: query}
		if op == view {
			r.id = idOf(collection, 0)
			if collection == "titles" {
				r.id = post
			}
		}
		if a := w.ask(w.cached, first, r); !strings.Contains(a.body, mark(n)) {
			t.Fatalf("%s does not show what is to be changed: %s", r, a.body)
		}
		for _, way := range []func(string, string, map[string]any) error{store, w.patch} {
			n++
			must(w.patch(change, idOf(change, 0), map[string]any{"n": ledger.last.Add(1)})) // so that nothing is kept
			held, release := w.holdNext()
			read := make(chan struct{})
			go func() { w.ask(w.cached, first, r); close(read) }()
			select {
			case <-held:
			case <-read:
				t.Fatalf("%s shows what was there before a write", r)
			}
			must(way(change, idOf(change, 0), map[string]any{"title": fmt.Sprint(n)}))
			for _, v := range []*viewer{second, first} {
				if a := w.ask(w.cached, v, r); !strings.Contains(a.body, mark(n)) {
					t.Errorf("%s by %s while another read goes on is a %s: %s; want %d", r, v, a.outcome, a.body, n)
				}
			}
			release()
			<-read
			if t.Failed() {
				t.FailNow() // each failure may have waited for long
			}
			if a := w.ask(w.cached, second, r); !strings.Contains(a.body, mark(n)) || a.outcome != cache.Hit {
				t.Errorf("%s after the other read is a %s: %s; want %d", r, a.outcome, a.body, n)
			}
		}
	}
	f("posts", list, "", "posts", guest, other)
	f("posts", view, "", "posts", guest, user)
	f("titles", list, "", "posts", guest, other)
	n = 0
	f("letters", list, "", "letters", guest, other)
	f("letters", view, "", "letters", user, other)
	n = 0
	f("drafts", list, "", "drafts", user, user)
	f("drafts", view, "", "drafts", user, user)
	n = 6 // of the post
	f("letters", view, "expand=post", "posts", guest, user)
	f("drafts", list, "expand=post", "posts", user, user)
	f("posts", list, "expand=letters_via_post", "posts", guest, other)
}

func mark(n int) string { return fmt.Sprintf(`"title":"%d"`, n) }

// patch writes through the gateway, as a guest may in these tests.
func (w *world) patch(collection, id string, fields map[string]any) error {
	by := w.viewers[2]
	if a := w.ask(w.cached, by, request{op: update, collection: collection, id: id, body: fields}); a.status != http.StatusOK {
		return fmt.Errorf("%d %s", a.status, a.body)
	}
	return nil
}

// holdNext holds the next read that PocketBase does, once it has read, until it is
// released: at the latest when whoever waits for it has waited too long.
func (w *world) holdNext() (held chan struct{}, release func()) {
	held, goOn := make(chan struct{}), make(chan struct{})
	release = sync.OnceFunc(func() { close(goOn) })
	late := time.AfterFunc(20*time.Second, release)
	w.Cleanup(func() { late.Stop() })
	var taken atomic.Bool
	w.uponRead(func() {
		if taken.CompareAndSwap(false, true) {
			close(held)
			<-goOn
		}
	})
	return held, release
}

// uponRead has f called, until the test ends, whenever PocketBase has read and not yet
// answered.
func (w *world) uponRead(f func()) {
	listed := app.OnRecordsListRequest().BindFunc(func(e *core.RecordsListRequestEvent) error { f(); return e.Next() })
	viewed := app.OnRecordViewRequest().BindFunc(func(e *core.RecordRequestEvent) error { f(); return e.Next() })
	w.Cleanup(func() {
		app.OnRecordsListRequest().Unbind(listed)
		app.OnRecordViewRequest().Unbind(viewed)
	})
}
