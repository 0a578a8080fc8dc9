package ratelimit

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// Turns lets no more than some work at once, and no caller more than half of them. Of
// those who wait, it is the turn of the caller who has the fewest, of these the one
// whose last turn began first, and then of who came first: so callers who want many
// hold up none who wants one. It is safe for concurrent use.
type Turns struct {
	most int

	mu      sync.Mutex
	taken   int
	begun   int // turns so far
	of      map[Caller]*share
	waiting []*turn
}

// share is what a caller has who works or waits.
type share struct {
	taken, waiting int
	last           int // of the turns so far, theirs; 0: none
}

type turn struct {
	who   Caller
	of    *share
	ready chan struct{} // closed when it is their turn
}

// NewTurns lets most work at once, which are two or more.
func NewTurns(most int) *Turns { return &Turns{most: most, of: map[Caller]*share{}} }

// Take waits for a turn, or until ctx ends. Give is to be called after a turn.
func (t *Turns) Take(ctx context.Context, who Caller) error {
	w := t.ask(who)
	if w == nil {
		return nil
	}
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

// ask is nil for who need not wait.
func (t *Turns) ask(who Caller) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	of := t.of[who]
	if of == nil {
		of = &share{}
		t.of[who] = of
	}
	// Whoever waits while there is a turn has their half.
	if t.taken < t.most && of.taken < t.most/2 {
		t.begin(of)
		return nil
	}
	w := &turn{who, of, make(chan struct{})}
	of.waiting++
	t.waiting = append(t.waiting, w)
	return w
}

// giveUp stops waiting, or gives back a turn that came at the same moment.
func (t *Turns) giveUp(w *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.waiting, w); i >= 0 {
		t.waiting = slices.Delete(t.waiting, i, i+1)
		w.of.waiting--
		t.forget(w.who)
		return
	}
	t.leave(w.who)
}

// What follows needs the lock.

func (t *Turns) leave(who Caller) {
	t.taken--
	t.of[who].taken--
	t.forget(who)
	t.next()
}

// forget drops a caller who neither works nor waits.
func (t *Turns) forget(who Caller) {
	if of := t.of[who]; of.taken == 0 && of.waiting == 0 {
		delete(t.of, who)
	}
}

// next gives a turn, if there is one, to whose it is.
func (t *Turns) next() {
	var first *turn
	for _, w := range t.waiting {
		if w.of.taken < t.most/2 && (first == nil || before(w.of, first.of)) {
			first = w
		}
	}
	if first == nil || t.taken == t.most {
		return
	}
	i := slices.Index(t.waiting, first)
	t.waiting = slices.Delete(t.waiting, i, i+1)
	first.of.waiting--
	t.begin(first.of)
	close(first.ready)
}

func (t *Turns) begin(of *share) {
	t.taken++
	t.begun++
	of.taken++
	of.last = t.begun
}

func before(x, y *share) bool {
	return cmp.Or(cmp.Compare(x.taken, y.taken), cmp.Compare(x.last, y.last)) < 0
}
