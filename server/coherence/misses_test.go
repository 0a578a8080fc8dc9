package coherence

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/pocketbase"
)

// However many ask for the same at once, PocketBase is asked once, whether its answer is
// judged or not.
func TestIdenticalMissesAskOnce(t *testing.T) {
	pocketbase.UnseenBound = time.Hour // or the feed may count as mute while so many are busy
	defer func() { pocketbase.UnseenBound = bound }()
	w := newWorld(t, newUpstream(t).Database) // of which no more than some are in at once where it is embedded
	var asked atomic.Int32
	var begun sync.WaitGroup
	w.uponRead(func() {
		asked.Add(1)
		begun.Wait() // until all of them are on their way
	})
	f := func(collection string) {
		t.Helper()
		const many = 10_000
		asked.Store(0)
		begun.Add(many)
		var all sync.WaitGroup
		for range many {
			all.Go(func() {
				begun.Done()
				if a := w.ask(w.cached, w.viewers[0], request{op: list, collection: collection}); a.status != http.StatusOK {
					t.Errorf("%d %s", a.status, a.body)
				}
			})
		}
		all.Wait()
		if n := asked.Load(); n != 1 {
			t.Errorf("PocketBase is asked %d times for %s", n, collection)
		}
	}
	f("posts")
	f("letters")
}

// What is asked for often is renewed before its end, and nobody waits for that.
func TestWhatIsHotIsRenewed(t *testing.T) {
	w := newWorld(t, db)
	var asked atomic.Int32
	w.uponRead(func() { asked.Add(1) })
	for ttl := 400 * time.Millisecond; ; ttl *= 2 { // until nothing holds this test up
		w.use(func(_ map[string]string, s *gateway.Settings) { s.Cache.TTL = ttl })
		if err := store("posts", idOf("posts", 0), map[string]any{"n": ledger.last.Add(1)}); err != nil { // so that nothing is kept
			t.Fatal(err)
		}
		r := request{op: list, collection: "posts"}
		asked.Store(0)
		w.ask(w.cached, w.viewers[0], r)
		all := cache.Hit
		for asked.Load() == 1 && all == cache.Hit {
			all = w.ask(w.cached, w.viewers[0], r).outcome
		}
		if all == cache.Hit {
			return
		}
	}
}

// That something is not there is remembered, until it is.
func TestWhatIsNotThereIsRemembered(t *testing.T) {
	w := newWorld(t, db)
	by := w.viewers[2]
	f := func(collection string, create func(string) error) {
		t.Helper()
		r := request{op: view, collection: collection, id: idOf(collection, 0)}
		if err := erase(collection, r.id); err != nil {
			t.Fatal(err)
		}
		is := func(status int, outcome cache.Outcome) {
			t.Helper()
			if a := w.ask(w.cached, by, r); a.status != status || status == http.StatusOK && a.outcome != outcome {
				t.Errorf("%s is %d, a %s; want %d, a %s", r, a.status, a.outcome, status, outcome)
			}
		}
		is(http.StatusNotFound, cache.None)
		is(http.StatusNotFound, cache.None)
		if err := create(r.id); err != nil {
			t.Fatal(err)
		}
		is(http.StatusOK, cache.Miss)
		is(http.StatusOK, cache.Hit)
	}
	behind := func(collection string) func(string) error {
		return func(id string) error { return store(collection, id, map[string]any{"n": 1}) }
	}
	f("posts", behind("posts"))
	f("letters", behind("letters"))
	f("teams", func(id string) error {
		w.ask(w.cached, by, request{op: create, collection: "teams", body: map[string]any{"id": id}})
		return nil
	})
}
