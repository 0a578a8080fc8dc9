package cache

import (
	"context"
	"net/http"
	"time"
)

const (
	// staleAfter is how long the database is waited for where a stale answer can stand in.
	staleAfter = 2 * time.Second
	// failingFor is how long it is not waited for at all after it has failed. Meanwhile
	// it is asked in the background.
	failingFor = 5 * time.Second
)

// orStale waits for a flight, or gives what is kept when the flight fails or takes long;
// but not if that has become outdated meanwhile.
func (c *Cache) orStale(ctx context.Context, q *Question, f *flight, kept *Answer) (*Answer, Outcome, error) {
	patience := time.NewTimer(staleAfter)
	defer patience.Stop()
	select {
	case <-f.landed:
		if !hasFailed(f.answer, f.err) {
			return told(f.answer, f.err)
		}
	case <-ctx.Done():
		return told(c.wait(ctx, q, f))
	case <-patience.C:
		c.failed.Store(int64(c.now()))
	}
	if c.versions.changed(kept.Since, kept.On) {
		return told(c.wait(ctx, q, f))
	}
	c.leave(q, f)
	return kept, Stale, nil
}

// note keeps whether the database fails. That it was given up says nothing.
func (c *Cache) note(ctx context.Context, f *flight) {
	switch {
	case !hasFailed(f.answer, f.err):
		c.failed.Store(0)
	case ctx.Err() == nil:
		c.failed.Store(int64(c.now()))
	}
}

// isFailing tells whether the database failed a moment ago, and has not answered since.
func (c *Cache) isFailing() bool {
	failed := c.failed.Load()
	return failed > 0 && c.now()-time.Duration(failed) < failingFor
}

func hasFailed(a *Answer, err error) bool {
	return err != nil || a.Status >= http.StatusInternalServerError
}
