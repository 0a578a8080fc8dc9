package pocketbase

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

var (
	errSilent  = fmt.Errorf("nothing moved for too long: %w", context.DeadlineExceeded)
	errStalled = fmt.Errorf("%w: nothing of it came for too long", ErrBody)
)

// silence ends a trip on which nothing moves, and knows whose doing that is.
type silence struct {
	limit    time.Duration
	timer    *time.Timer
	awaiting atomic.Bool // more of the body, which is its giver's to send
	over     atomic.Bool // nobody minds it any more
}

func newSilence(limit time.Duration, t *trip) *silence {
	s := &silence{limit: limit}
	s.timer = time.AfterFunc(limit, func() {
		if s.awaiting.Load() {
			t.end(errStalled)
		} else {
			t.end(errSilent)
		}
	})
	return s
}

// moved begins a new silence.
func (s *silence) moved() {
	if !s.over.Load() {
		s.timer.Reset(s.limit)
	}
}

func (s *silence) end() {
	s.over.Store(true)
	s.timer.Stop()
}
