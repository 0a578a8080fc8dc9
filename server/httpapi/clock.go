package httpapi

import (
	"context"
	"time"
)

// clock ends a request's context when the database takes too long. It stands
// still while the client's own body is awaited, for which the connection has its own
// patience, and then begins anew.
type clock struct {
	limit time.Duration
	timer *time.Timer
}

// timed is a context that ends with its parent, or by context.DeadlineExceeded
// when the clock has run down. end lets go of both.
func timed(parent context.Context, limit time.Duration) (ctx context.Context, c *clock, end func()) {
	ctx, cancel := context.WithCancelCause(parent)
	c = &clock{limit, time.AfterFunc(limit, func() { cancel(context.DeadlineExceeded) })}
	return ctx, c, func() { c.stop(); cancel(nil) }
}

func (c *clock) stop()    { c.timer.Stop() }
func (c *clock) restart() { c.timer.Reset(c.limit) }
