package coherence

import (
	"net/http"
	"testing"
	"time"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/gateway"
)

// Before a PocketBase of its own: what is written through the gateway is shown from then
// on, and what is written behind its back within the bound, be the feed alive, cut, mute
// or just restored. When all is told and done, answers are those of now.
func TestNothingIsOlderThanTheBound(t *testing.T) {
	u := newUpstream(t)
	w, d := newWorld(t, u.Database), newDice(t, 13)
	w.holdUp()
	storm := func(what string, goesOn func() bool) {
		t.Helper()
		for once := true; once || goesOn(); once = false {
			w.storm(d, w.readings(d, 20), bound)
		}
		if t.Failed() {
			t.Fatalf("the feed was %s", what)
		}
	}
	not := func(is func() bool) func() bool { return func() bool { return !is() } }
	storm("alive", func() bool { return false })
	u.cut.Store(true)
	endStreams()
	storm("cut", func() bool { return false })
	w.outlast()
	u.cut.Store(false)
	storm("restored", not(u.Live))
	mute()
	storm("mute", u.Live)
	storm("restored again", not(u.Live))
	w.settle(d, u)
}

// outlast changes what has been kept without being told, and waits for as long as that may
// stay unseen.
func (w *world) outlast() {
	w.Helper()
	var all []reading
	for _, collection := range []string{"posts", "titles", "letters", "replies", "users"} {
		all = append(all, reading{request{op: list, collection: collection}, w.viewers[0]}, reading{request{op: list, collection: collection}, w.viewers[2]})
	}
	for _, r := range all {
		w.ask(w.cached, r.by, r.request)
	}
	for _, collection := range []string{"users", "posts", "letters", "replies"} {
		if err := store(collection, idOf(collection, 3), map[string]any{"n": ledger.last.Add(1)}); err != nil {
			w.Fatal(err)
		}
	}
	time.Sleep(bound)
	for _, r := range all {
		w.holds(r, w.ask(w.cached, r.by, r.request))
	}
}

// settle ends the streams, so that all is read anew from when they are restored, and
// compares.
func (w *world) settle(d dice, u *upstream) {
	endStreams()
	u.until(w.T, "dead", func() bool { return !u.Live() })
	u.until(w.T, "live", u.Live)
	var seen outcomes
	for _, r := range w.readings(d, 30) {
		w.signIn(r.by)
		w.compare(d, r, &seen)
	}
}

// While PocketBase fails, what it said last stands in, marked as that, within its bound;
// what is known to have changed stands in for nothing.
func TestWhatIsStaleStandsIn(t *testing.T) {
	u := newUpstream(t)
	w := newWorld(t, u.Database)
	w.use(func(_ map[string]string, s *gateway.Settings) {
		s.Cache = cache.Settings{TTL: time.Nanosecond, Stale: time.Hour}
	})
	by := w.viewers[2]
	kept := []request{
		{op: list, collection: "posts"}, {op: view, collection: "posts", id: idOf("posts", 0)},
		{op: list, collection: "letters"}, {op: list, collection: "drafts"}, {op: list, collection: "titles"}, {op: list, collection: "boxes"},
	}
	before := map[string]string{}
	for _, r := range kept {
		before[r.String()] = w.ask(w.cached, by, r).body
	}
	changed := request{op: view, collection: "teams", id: idOf("teams", 1)}
	w.ask(w.cached, by, changed)
	if err := w.patch("teams", changed.id, map[string]any{"name": "other"}); err != nil {
		t.Fatal(err)
	}
	u.failing.Store(true)
	for range 10 { // until nothing is sent any more, and on
		for _, r := range kept {
			if a := w.ask(w.cached, by, r); a.status != http.StatusOK || a.body != before[r.String()] || a.outcome != cache.Stale {
				t.Fatalf("%s is a %s: %d %s (%v)", r, a.outcome, a.status, a.body, a.cause)
			}
		}
		if a := w.ask(w.cached, by, changed); a.status < http.StatusInternalServerError {
			t.Fatalf("what has changed is a %s: %d %s", a.outcome, a.status, a.body)
		}
	}
	u.failing.Store(false)
	u.until(t, "ready", u.Ready)
	for _, r := range append(kept, changed) {
		u.until(t, r.String()+" is read anew", func() bool {
			a := w.ask(w.cached, by, r)
			return a.status == http.StatusOK && a.outcome == cache.Miss
		})
	}
}
