package session

import (
	"context"
	"testing"
	"time"
)

// countingStore counts what is written.
type countingStore struct {
	Store
	swaps, touches, reads int
}

func (s *countingStore) Swap(ctx context.Context, old, next Session) (bool, error) {
	s.swaps++
	return s.Store.Swap(ctx, old, next)
}

func (s *countingStore) Touch(ctx context.Context, used map[string]time.Time) error {
	s.touches++
	return s.Store.Touch(ctx, used)
}

func (s *countingStore) Load(ctx context.Context, id string) (Session, error) {
	s.reads++
	return s.Store.Load(ctx, id)
}

// A roll is one write and a confirmation is one; a request is none, and reads
// nothing either.
func TestWritesOfASession(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		store := &countingStore{Store: c.store}
		c.store = store
		f := func(swaps, touches int) {
			t.Helper()
			if store.swaps != swaps || store.touches != touches || store.reads != 0 {
				t.Errorf("%d swaps, %d touches, %d reads; want %d, %d, none", store.swaps, store.touches, store.reads, swaps, touches)
			}
		}
		uses := func() {
			t.Helper()
			for range 50 {
				c.uses(nil)
			}
		}
		uses()
		f(0, 0)
		old := c.with(c.token)
		c.refreshes()
		f(1, 0)
		old.refreshes() // is answered with the same
		uses()
		f(1, 0)
		time.Sleep(rules.Grace + time.Second)
		uses()
		f(2, 0)
		for range 2 {
			if err := c.tidy(t.Context(), time.Now()); err != nil {
				t.Fatal(err)
			}
			f(2, 1) // when they were used, for all sessions at once
		}
	})
}
