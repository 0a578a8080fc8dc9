package session

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Whatever happens to sessions in memory and in the file, what is counted of them
// is what was counted.
func TestCountsAreExact(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { countAll(t, rand.New(rand.NewPCG(seed, 3))) })
	}
}

func countAll(t *testing.T, random *rand.Rand) {
	most := 1 + random.Int64N(40)
	m := open(t)
	tiny := func() { m.memory.limit, m.tallies.limit = 1+random.IntN(4), 1+random.IntN(4) }
	tiny()
	var ids []string
	for range 6 {
		ids = append(ids, created(t, m, sample()).ID)
	}
	model, generation := map[string]int64{}, map[string]int64{}
	for step := range 250 {
		id, n := ids[random.IntN(len(ids))], random.Int64N(6)
		switch random.IntN(12) {
		case 0:
			m.memory.forget(id)
		case 1:
			roll(t, m, id, generation[id])
			generation[id]++
		case 2:
			if err := m.tidy(t.Context(), time.Now()); err != nil {
				t.Fatal(err)
			}
		case 3:
			if random.IntN(10) == 0 {
				m = reopened(t, m)
				tiny()
			}
		case 4, 5, 6:
			uncounts(t, m, id, n)
			model[id] = max(0, model[id]-n)
		default:
			var want error
			if model[id]+n > most {
				want = ErrUsedUp
			} else {
				model[id] += n
			}
			counts(t, m, id, n, most, most-model[id], want)
		}
		if n := len(m.tallies.here); n > m.tallies.limit || t.Failed() {
			t.Fatalf("step %d: %d are in memory, of %d", step, n, m.tallies.limit)
		}
	}
}

// Several at once never have more than most together, and nothing gets lost.
func TestManyCountAtOnce(t *testing.T) {
	const most = 100
	m := open(t)
	m.memory.limit, m.tallies.limit = 3, 3
	sessions := make([]struct {
		id   string
		held atomic.Int64 // added to after it is counted, taken from before it is taken back
	}, 5)
	for i := range sessions {
		sessions[i].id = created(t, m, owned(fmt.Sprint(i))).ID
	}
	var wg sync.WaitGroup
	for g := range uint64(8) {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(g, 4))
			for range 150 {
				s, n := &sessions[random.IntN(len(sessions))], 1+random.Int64N(4)
				switch random.IntN(20) {
				case 0:
					m.memory.forget(s.id)
				case 1:
					if err := m.tidy(t.Context(), time.Now()); err != nil {
						t.Error(err)
					}
				}
				_, err := m.Count(t.Context(), s.id, "create", n, most)
				if err != nil {
					if !errors.Is(err, ErrUsedUp) {
						t.Error(err)
					}
					continue
				}
				if held := s.held.Add(n); held > most {
					t.Errorf("%d of %d are counted", held, most)
				}
				if random.IntN(3) == 0 {
					s.held.Add(-n)
					uncounts(t, m, s.id, n)
				}
			}
		})
	}
	wg.Wait()
	m = reopened(t, m)
	for i := range sessions {
		counts(t, m, sessions[i].id, 0, most, most-sessions[i].held.Load(), nil)
	}
}

// A token that is exchanged while others count for it takes along every count that
// they were told of.
func TestCountsDuringAnExchange(t *testing.T) {
	for i := range 15 {
		m := open(t)
		token := acceptable(fmt.Sprint(i))
		accepts(t, m, token, true)
		var told atomic.Int64
		var done atomic.Bool
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for !done.Load() {
					if _, err := m.Count(t.Context(), token.ID, "create", 1, 1<<40); err == nil {
						told.Add(1)
					} else if !errors.Is(err, ErrGone) {
						t.Error(err)
					}
				}
			})
		}
		s, err := m.Exchange(t.Context(), rules, token, sample())
		done.Store(true)
		wg.Wait()
		if err != nil {
			t.Fatal(err)
		}
		counts(t, m, s.ID, 0, 1<<40, 1<<40-told.Load(), nil)
	}
}
