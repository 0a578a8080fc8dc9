package cache

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Fetch asks the database. It ends when ctx does.
type Fetch func(ctx context.Context) (*Answer, error)

// flights are the questions that the database is being asked, each once.
type flights struct {
	mu      sync.Mutex
	running sync.WaitGroup
	byKey   map[string]*flight
}

// flight is one of them. It is given up when nobody waits for it any more.
type flight struct {
	since   uint64 // the versions' clock before it began
	born    time.Duration
	cancel  context.CancelFunc
	waiting int // guarded by flights.mu

	landed chan struct{} // closed after answer and err
	answer *Answer
	err    error
}

// join waits for the flight of a key with others, or begins one. One that began
// before a change may bring what was before, so it is left to those who asked then.
// landed is asked before one begins, for another may have since it was looked for.
func (c *Cache) join(ctx context.Context, q *Question, fetch Fetch, landed func() bool) *flight {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	f := c.flights.byKey[string(q.Key)]
	if f == nil || c.versions.changed(f.since, q.On) {
		if landed() {
			return nil
		}
		f = c.begin(ctx, q, fetch)
	}
	f.waiting++
	return f
}

// begin has a flight go on for as long as anybody waits, whoever asked first.
func (c *Cache) begin(ctx context.Context, q *Question, fetch Fetch) *flight {
	f := &flight{since: c.versions.now(), born: c.now(), landed: make(chan struct{})}
	ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
	c.flights.byKey[string(q.Key)] = f
	c.flights.running.Go(func() {
		defer f.cancel()
		f.answer, f.err = fetch(ctx)
		c.note(ctx, f)
		if f.err == nil {
			f.answer.Basis = Basis{On: slices.Clone(q.On), Since: f.since, Born: f.born, TTL: q.fresh(f.answer.Status)}
		}
		c.land(q, f)
	})
	return f
}

func (c *Cache) land(q *Question, f *flight) {
	if f.err == nil && isKept(f.answer) {
		c.keep(q, f)
	}
	c.forget(q, f)
	close(f.landed)
}

func (c *Cache) isInFlight(q *Question) bool {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	return c.flights.byKey[string(q.Key)] != nil
}

// forget has nobody join the flight any more.
func (c *Cache) forget(q *Question, f *flight) {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	if c.flights.byKey[string(q.Key)] == f {
		delete(c.flights.byKey, string(q.Key))
	}
}

// wait is for one that was joined.
func (c *Cache) wait(ctx context.Context, q *Question, f *flight) (*Answer, error) {
	select {
	case <-f.landed:
		return f.answer, f.err
	case <-ctx.Done():
	}
	c.leave(q, f)
	return nil, context.Cause(ctx)
}

func (c *Cache) leave(q *Question, f *flight) {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	if c.flights.byKey[string(q.Key)] == f {
		delete(c.flights.byKey, string(q.Key))
	}
	f.cancel()
}
