package httpapi

import (
	"context"
	"errors"
	"sync"
	"time"
)

// clock is a request's context, which ends when the database takes too long. It stands
// still while the client's own body is awaited, for which the connection has its own
// patience, and then begins anew. A request without a body that takes its time is given
// up when its client has gone. It starts when somebody first waits on it, for most
// requests are answered before anybody does.
type clock struct {
	parent context.Context
	limit  time.Duration

	mu      sync.Mutex
	ctx     context.Context // nil until it has started
	cancel  context.CancelCauseFunc
	timer   *time.Timer
	watch   func(gone func()) (stop func()) // nil: not, or not any more
	unwatch func()
	ended   bool
}

// lookAfter is how long a request takes until somebody looks whether its client
// is still there, which costs a goroutine.
const lookAfter = time.Second

// errGone is why the context of a request ends whose client has gone.
var errGone = errors.New("the client has gone")

// started is the context behind it, which ends with its parent, or by
// context.DeadlineExceeded when the clock has run down, or by errGone.
func (c *clock) started() context.Context {
	c.mu.Lock() // it may be due at once
	defer c.mu.Unlock()
	if c.ctx != nil {
		return c.ctx
	}
	c.ctx, c.cancel = context.WithCancelCause(c.parent)
	if c.ended {
		c.cancel(nil)
		return c.ctx
	}
	first := c.limit
	if c.watch != nil {
		first = min(lookAfter, c.limit/2)
	}
	c.timer = time.AfterFunc(first, c.due)
	return c.ctx
}

func (c *clock) Deadline() (time.Time, bool) { return c.parent.Deadline() }
func (c *clock) Done() <-chan struct{}       { return c.started().Done() }
func (c *clock) Err() error                  { return c.started().Err() }

// Value starts nothing, for whoever looks for one may do so long after the request.
func (c *clock) Value(key any) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil {
		return c.parent.Value(key)
	}
	return c.ctx.Value(key)
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

// stop and restart are for one that has started.
func (c *clock) stop()    { c.timer.Stop() }
func (c *clock) restart() { c.timer.Reset(c.limit) }

// isGivenUp tells whether the client has gone.
func (c *clock) isGivenUp() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ctx != nil && errors.Is(context.Cause(c.ctx), errGone)
}

// end lets go of all.
func (c *clock) end() {
	c.mu.Lock()
	c.ended = true
	if c.ctx == nil {
		c.mu.Unlock()
		return
	}
	c.timer.Stop()
	c.watch = nil
	unwatch := c.unwatch
	c.mu.Unlock()
	if unwatch != nil {
		unwatch()
	}
	c.cancel(nil)
}
