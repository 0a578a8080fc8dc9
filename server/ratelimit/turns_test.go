package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// One caller who wants all leaves half for the others, and who has fewer comes first.
func TestTurnsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns(4)
		var mu sync.Mutex
		var working []string
		work := func(ctx context.Context, name string, who Caller) {
			go func() {
				if turns.Take(ctx, who) == nil {
					mu.Lock()
					working = append(working, name)
					mu.Unlock()
				}
			}()
			synctest.Wait()
		}
		is := func(want ...string) {
			t.Helper()
			synctest.Wait()
			if !slices.Equal(working, want) {
				t.Fatalf("%v work, want %v", working, want)
			}
		}
		greedy, other, third := Caller{Record: "greedy"}, Caller{Record: "other"}, Caller{Record: "third"}
		for i := range 4 {
			work(t.Context(), fmt.Sprint("greedy", i), greedy)
		}
		is("greedy0", "greedy1")
		work(t.Context(), "other0", other)
		is("greedy0", "greedy1", "other0")
		turns.Give(greedy)
		is("greedy0", "greedy1", "other0", "greedy2")
		ctx, cancel := context.WithCancel(t.Context())
		work(t.Context(), "third0", third)
		work(ctx, "gone", other)
		work(t.Context(), "third1", third)
		is("greedy0", "greedy1", "other0", "greedy2", "third0")
		cancel()
		turns.Give(other)
		is("greedy0", "greedy1", "other0", "greedy2", "third0", "third1")
		work(t.Context(), "greedy4", greedy)
		work(t.Context(), "other1", other)
		turns.Give(greedy) // there are three of greedy's before it, and it has none yet
		is("greedy0", "greedy1", "other0", "greedy2", "third0", "third1", "other1")
		turns.Give(third)
		is("greedy0", "greedy1", "other0", "greedy2", "third0", "third1", "other1", "greedy3")
		for _, who := range []Caller{greedy, greedy, third, other} {
			turns.Give(who)
		}
		is("greedy0", "greedy1", "other0", "greedy2", "third0", "third1", "other1", "greedy3", "greedy4")
		turns.Give(greedy)
		if turns.taken != 0 || len(turns.of) != 0 || len(turns.waiting) != 0 {
			t.Errorf("%d work, %d wait", turns.taken, len(turns.waiting))
		}
	})
}

// Many who each have a long queue hold up none who comes with one.
func TestTurnsOfANewcomer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns(4)
		came := make(chan Caller, 100)
		work := func(who Caller) {
			go func() {
				if turns.Take(t.Context(), who) == nil {
					came <- who
				}
			}()
			synctest.Wait()
		}
		for i := range 40 {
			work(Caller{Record: fmt.Sprint(i % 8)})
		}
		newcomer := Caller{Record: "new"}
		work(newcomer)
		work(newcomer)
		var order []Caller
		for range 42 {
			who := <-came
			order = append(order, who)
			turns.Give(who)
			synctest.Wait()
		}
		// Eight have had their first turn, and the four who work go on first.
		if first := slices.Index(order, newcomer); first > 8 {
			t.Errorf("the newcomer comes as number %d of %v", first, order)
		}
	})
}

// Whatever comes and goes, nobody is over their bound, and all get their turn.
func TestTurnsAtRandom(t *testing.T) {
	turns := NewTurns(6)
	var mu sync.Mutex
	at, of := 0, map[Caller]int{}
	count := func(who Caller, n int) {
		mu.Lock()
		defer mu.Unlock()
		at, of[who] = at+n, of[who]+n
		if at > 6 || of[who] > 3 {
			t.Errorf("%d work, %d of them are one caller's", at, of[who])
		}
	}
	var wg sync.WaitGroup
	for i := range 64 {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		wg.Go(func() {
			for range 200 {
				who := Caller{Record: fmt.Sprint(random.IntN(4))}
				ctx, cancel := context.WithCancel(t.Context())
				if random.IntN(4) == 0 {
					go cancel()
				}
				if err := turns.Take(ctx, who); err == nil {
					count(who, 1)
					count(who, -1)
					turns.Give(who)
				} else if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				cancel()
			}
		})
	}
	wg.Wait()
	if turns.taken != 0 || len(turns.of) != 0 || len(turns.waiting) != 0 {
		t.Errorf("%d work, %d wait", turns.taken, len(turns.waiting))
	}
}
