package gateway

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestWritesToOneRecordTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var locks recordLocks
		var inside, most int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				leave, err := locks.take(t.Context(), "posts/1")
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				inside++
				most = max(most, inside)
				mu.Unlock()
				time.Sleep(time.Millisecond) // others would come in here
				mu.Lock()
				inside--
				mu.Unlock()
				leave()
			})
		}
		all.Wait()
		if most != 1 || len(locks.turns) != 0 {
			t.Fatalf("%d writers at once, %d turns left over; want 1 and 0", most, len(locks.turns))
		}
	})
}

func TestTurnsAreLeftByWhoGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var locks recordLocks
		leave, err := locks.take(t.Context(), "posts/1")
		if err != nil {
			t.Fatal(err)
		}
		other, err := locks.take(t.Context(), "posts/2")
		if err != nil {
			t.Fatal("another record has to wait")
		}
		other()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := locks.take(ctx, "posts/1")
			done <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Fatalf("the waiting writer got %v", err)
		}
		leave()
		if len(locks.turns) != 0 {
			t.Fatal("turns are left over")
		}
	})
}
