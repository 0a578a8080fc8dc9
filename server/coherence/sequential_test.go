package coherence

import (
	"testing"

	"github.com/hapta/hapta/server/cache"
)

// outcomes counts how reads were answered.
type outcomes [cache.Bypass + 1]int

// Whatever is written or changed, by whomever: the next read, by anybody, is answered
// as without a cache.
func TestAnswersAreThoseOfNow(t *testing.T) {
	w, d := newWorld(t, db), newDice(t, 7)
	t.Cleanup(w.restore)
	var all []reading
	var seen outcomes
	n := rounds(400, 30)
	for i := range n {
		if i%40 == 0 {
			all = w.readings(d, 40)
		}
		if d.oneIn(5) {
			w.upset(d)
		} else {
			w.write(d)
		}
		for range 10 {
			w.compare(d, pick(d, all...), &seen)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d hits, %d misses, %d bypasses", seen[cache.Hit], seen[cache.Miss], seen[cache.Bypass])
	if seen[cache.Hit] < n || seen[cache.Miss] < n || seen[cache.Bypass] == 0 {
		t.Error("too little is kept to tell anything")
	}
}

// compare asks both, mostly where something kept is shown: the rest is read as without
// a cache, but for whom.
func (w *world) compare(d dice, r reading, seen *outcomes) {
	w.Helper()
	got := w.ask(w.cached, r.by, r.request)
	seen[got.outcome]++
	if got.outcome == cache.Hit || d.oneIn(3) {
		w.holds(r, got)
	}
}

func (w *world) holds(r reading, got answer) {
	w.Helper()
	if want := w.ask(w.plain, r.by, r.request); got.status != want.status || got.body != want.body {
		w.Errorf("%s by %s is a %s:\n%d %s\nand not\n%d %s", r.request, r.by, got.outcome, got.status, got.body, want.status, want.body)
	}
}
