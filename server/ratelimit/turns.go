package ratelimit

import (
	"context"
	"slices"
	"sync"
)

// Turns lets no more than some work at once, and no caller more than half of them. Of
// those who wait, it is the turn of whoever has the fewest, and then of who came first:
// so callers who want many hold up none who wants one. It is safe for concurrent use.
type Turns struct {
	most int

	mu      sync.Mutex
	taken   int
	of      map[Caller]int
	waiting []*turn
}

type turn struct {
	who   Caller
	ready chan struct{} // closed when it is their turn
}

// NewTurns lets most work at once, which are two or more.
func NewTurns(most int) *Turns { return &Turns{most: most, of: map[Caller]int{}} }

// Take waits for a turn, or until ctx ends. Give is to be called after a turn.
func (t *Turns) Take(ctx context.Context, who Caller) error {
	t.mu.Lock()
	if t.fits(who) {
		t.enter(who)
		t.mu.Unlock()
		return nil
	}
	w := &turn{who, make(chan struct{})}
	t.waiting = append(t.waiting, w)
	t.mu.Unlock()
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
		t.giveUp(w)
		return context.Cause(ctx)
	}
}

// Give ends a turn.
func (t *Turns) Give(who Caller) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.leave(who)
}

// What follows needs the lock, but for giveUp.

// fits tells whether there is a turn for somebody. Whoever waits is over their half
// of them, or there is none.
func (t *Turns) fits(who Caller) bool { return t.taken < t.most && t.of[who] < t.most/2 }

func (t *Turns) enter(who Caller) {
	t.taken++
	t.of[who]++
}

func (t *Turns) leave(who Caller) {
	t.taken--
	if t.of[who]--; t.of[who] == 0 {
		delete(t.of, who)
	}
	next := -1
	for i, w := range t.waiting {
		if t.fits(w.who) && (next < 0 || t.of[w.who] < t.of[t.waiting[next].who]) {
			next = i
		}
	}
	if next < 0 {
		return
	}
	w := t.waiting[next]
	t.waiting = slices.Delete(t.waiting, next, next+1)
	t.enter(w.who)
	close(w.ready)
}

// giveUp stops waiting, or gives back a turn that came at the same moment.
func (t *Turns) giveUp(w *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.waiting, w); i >= 0 {
		t.waiting = slices.Delete(t.waiting, i, i+1)
		return
	}
	t.leave(w.who)
}
