package gateway

import (
	"context"
	"sync"
)

// recordLocks lets the judged writes to one record take turns, so that the
// stored record a policy saw is the one that is written over. A record nobody
// writes to costs nothing.
type recordLocks struct {
	mu    sync.Mutex
	turns map[string]*turn
}

type turn struct {
	free    chan struct{} // holds one token while nobody writes
	waiting int
}

// take waits for the turn on a record and returns what ends it.
func (l *recordLocks) take(ctx context.Context, key string) (func(), error) {
	l.mu.Lock()
	if l.turns == nil {
		l.turns = map[string]*turn{}
	}
	t := l.turns[key]
	if t == nil {
		t = &turn{free: make(chan struct{}, 1)}
		t.free <- struct{}{}
		l.turns[key] = t
	}
	t.waiting++
	l.mu.Unlock()

	select {
	case <-t.free:
		return func() { t.free <- struct{}{}; l.leave(key, t) }, nil
	case <-ctx.Done():
		l.leave(key, t)
		return nil, context.Cause(ctx)
	}
}

func (l *recordLocks) leave(key string, t *turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.waiting--; t.waiting == 0 {
		delete(l.turns, key)
	}
}
