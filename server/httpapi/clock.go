package httpapi

import (
	"context"
	"errors"
	"sync"
	"time"
)

// clock ends a request's context when the database takes too long. It stands
// still while the client's own body is awaited, for which the connection has its own
// patience, and then begins anew. A request without a body that takes its time is given
// up when its client has gone.
type clock struct {
	limit  time.Duration
	timer  *time.Timer
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	watch   func(gone func()) (stop func()) // nil: not, or not any more
	unwatch func()
}

// lookAfter is how long a request takes until somebody looks whether its client
// is still there, which costs a goroutine.
const lookAfter = time.Second

// errGone is why the context of a request ends whose client has gone.
var errGone = errors.New("the client has gone")

// timed is a context that ends with its parent, or by context.DeadlineExceeded
// when the clock has run down, or by errGone. end lets go of all.
func timed(parent context.Context, limit time.Duration, watch func(gone func()) (stop func())) (context.Context, *clock, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	c := &clock{limit: limit, cancel: cancel, watch: watch}
	first := limit
	if watch != nil {
		first = min(lookAfter, limit/2)
	}
	c.mu.Lock() // it may be due at once
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(first, c.due)
	return ctx, c, c.end
}

func (c *clock) due() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watch == nil {
		c.cancel(context.DeadlineExceeded)
		return
	}
	c.unwatch = c.watch(func() { c.cancel(errGone) })
	c.watch = nil
	c.timer.Reset(c.limit - min(lookAfter, c.limit/2))
}

func (c *clock) stop()    { c.timer.Stop() }
func (c *clock) restart() { c.timer.Reset(c.limit) }

func (c *clock) end() {
	c.mu.Lock()
	c.timer.Stop()
	c.watch = nil
	unwatch := c.unwatch
	c.mu.Unlock()
	if unwatch != nil {
		unwatch()
	}
	c.cancel(nil)
}
