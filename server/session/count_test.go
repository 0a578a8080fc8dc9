package session

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

// counts counts n creates and looks at what is left.
func counts(t testing.TB, m *Manager, id string, n, most, left int64, want error) {
	t.Helper()
	if got, err := m.Count(t.Context(), id, "create", n, most); got != left || !errors.Is(err, want) {
		t.Errorf("%d of %d: %d are left, %v; want %d, %v", n, most, got, err, left, want)
	}
}

func uncounts(t testing.TB, m *Manager, id string, n int64) {
	t.Helper()
	if err := m.Uncount(t.Context(), id, "create", n); err != nil {
		t.Error(err)
	}
}

func TestCount(t *testing.T) {
	m := open(t)
	one, other := created(t, m, sample()), created(t, m, sample())
	counts(t, m, one.ID, 0, 5, 5, nil)
	counts(t, m, one.ID, 3, 5, 2, nil)
	counts(t, m, one.ID, 3, 5, 2, ErrUsedUp) // none of the three
	counts(t, m, one.ID, 2, 5, 0, nil)
	counts(t, m, one.ID, 1, 5, 0, ErrUsedUp)
	counts(t, m, one.ID, 0, 5, 0, nil)
	uncounts(t, m, one.ID, 2)
	counts(t, m, one.ID, 0, 5, 2, nil)
	counts(t, m, one.ID, 0, 2, 0, nil) // the configuration allows less than were used
	counts(t, m, one.ID, 1, 2, 0, ErrUsedUp)
	uncounts(t, m, one.ID, 100)
	counts(t, m, one.ID, 5, 5, 0, nil)

	counts(t, m, other.ID, 5, 5, 0, nil)
	if left, err := m.Count(t.Context(), one.ID, "posts/create", 1, 5); left != 4 || err != nil {
		t.Errorf("something else: %d are left, %v", left, err)
	}
	counts(t, m, "none", 1, 5, 0, ErrGone)
}

func TestCountsEndWithTheirSession(t *testing.T) {
	m := open(t)
	one := created(t, m, sample())
	counts(t, m, one.ID, 1, 5, 4, nil)
	m.store = &failingStore{Store: m.store}
	if err := m.End(t.Context(), one.ID); !errors.Is(err, errFull) {
		t.Fatal(err)
	}
	counts(t, m, one.ID, 1, 5, 0, ErrGone)
	uncounts(t, m, one.ID, 1)
	if n := len(m.tallies.here); n != 0 {
		t.Errorf("%d are left", n)
	}
}

func TestARefreshKeepsTheCounts(t *testing.T) {
	m := open(t)
	one := created(t, m, sample())
	for i := range int64(3) {
		counts(t, m, one.ID, 1, 3, 2-i, nil)
		roll(t, m, one.ID, i)
	}
	counts(t, m, one.ID, 1, 3, 0, ErrUsedUp)
	m = reopened(t, m)
	roll(t, m, one.ID, 3)
	counts(t, m, one.ID, 1, 3, 0, ErrUsedUp)
}

func TestATokensCountsGoToItsSession(t *testing.T) {
	m := open(t)
	store := &countsStore{Store: m.store}
	m.store = store
	token := acceptable("a token")
	accepts(t, m, token, true)
	counts(t, m, token.ID, 2, 3, 1, nil)
	for range 2 { // the sweep leaves them
		if err := m.tidy(t.Context(), time.Now()); err != nil || store.writes+store.reads != 0 {
			t.Errorf("%d writes, %d reads of a token's counts: %v", store.writes, store.reads, err)
		}
	}
	m.store = store.Store
	counts(t, m, token.ID, 0, 3, 1, nil)
	s, err := m.Exchange(t.Context(), rules, token, sample())
	if err != nil {
		t.Fatal(err)
	}
	counts(t, m, token.ID, 1, 3, 0, ErrGone)
	counts(t, m, s.ID, 2, 3, 1, ErrUsedUp)
	m = reopened(t, m)
	counts(t, m, s.ID, 1, 3, 0, nil)
}

// Tokens that have left memory take their counts along.
func TestCountsOfTokensAreBounded(t *testing.T) {
	m := open(t)
	m.memory.limit = 3
	for i := range 20 {
		token := acceptable(fmt.Sprint(i))
		accepts(t, m, token, true)
		counts(t, m, token.ID, 1, 3, 2, nil)
	}
	if err := m.tidy(t.Context(), time.Now()); err != nil || len(m.tallies.here) != 3 {
		t.Errorf("%d are left: %v", len(m.tallies.here), err)
	}
}

// countsStore counts what is written and read of counts.
type countsStore struct {
	Store
	writes, reads int
	fail          error
	onRead        func()
}

func (s *countsStore) SetCounts(ctx context.Context, counts map[string]map[string]int64) error {
	s.writes++
	if s.fail != nil {
		return s.fail
	}
	return s.Store.SetCounts(ctx, counts)
}

func (s *countsStore) Counts(ctx context.Context, id string) (map[string]int64, error) {
	s.reads++
	counts, err := s.Store.Counts(ctx, id)
	if s.onRead != nil {
		s.onRead()
	}
	return counts, err
}

// What a sweep writes down is all that changed since the last one. A request reads
// nothing but the first, and counts that rest leave memory.
func TestCountsAreWrittenBySweeps(t *testing.T) {
	m := open(t)
	store := &countsStore{Store: m.store}
	m.store = store
	one, other := created(t, m, sample()), created(t, m, sample())
	sweeps := func(writes, reads, here int) {
		t.Helper()
		if err := m.tidy(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		if store.writes != writes || store.reads != reads || len(m.tallies.here) != here {
			t.Errorf("%d writes, %d reads, %d in memory; want %d, %d, %d", store.writes, store.reads, len(m.tallies.here), writes, reads, here)
		}
	}
	sweeps(0, 0, 0) // nothing is counted: nothing is kept
	for i := range int64(10) {
		counts(t, m, one.ID, 1, 100, 99-i, nil)
		counts(t, m, other.ID, 0, 100, 100, nil)
	}
	sweeps(1, 2, 1)
	counts(t, m, one.ID, 1, 100, 89, nil)
	sweeps(2, 2, 1)
	sweeps(2, 2, 0)
	counts(t, m, one.ID, 1, 100, 88, nil)
	sweeps(3, 3, 1)
}

func TestCountsWaitForAStoreThatFails(t *testing.T) {
	m := open(t)
	m.tallies.limit = 2
	store := &countsStore{Store: m.store, fail: errFull}
	m.store = store
	one, two, three := created(t, m, sample()), created(t, m, sample()), created(t, m, sample())
	counts(t, m, one.ID, 2, 3, 1, nil)
	counts(t, m, two.ID, 2, 3, 1, nil)
	counts(t, m, three.ID, 1, 3, 0, errFull) // rather than that others are lost
	for range 2 {
		if err := m.tidy(t.Context(), time.Now()); !errors.Is(err, errFull) {
			t.Errorf("the sweep says %v", err)
		}
	}
	counts(t, m, one.ID, 2, 3, 1, ErrUsedUp)
	store.fail = nil
	counts(t, m, three.ID, 1, 3, 2, nil)
	if n := len(m.tallies.here); n != 1 {
		t.Errorf("%d are in memory", n)
	}
	counts(t, m, one.ID, 2, 3, 1, ErrUsedUp)
	m.store = store.Store
	m = reopened(t, m)
	counts(t, m, one.ID, 2, 3, 1, ErrUsedUp)
	counts(t, m, two.ID, 2, 3, 1, ErrUsedUp)
}

// While one reads the store, another counts, writes that down and drops it: what
// the first has read is old.
func TestALateReaderOfCounts(t *testing.T) {
	m := open(t)
	store := &countsStore{Store: m.store}
	m.store = store
	one := created(t, m, sample())
	store.onRead = func() {
		store.onRead = nil
		counts(t, m, one.ID, 2, 3, 1, nil)
		for range 2 {
			if err := m.tidy(t.Context(), time.Now()); err != nil {
				t.Error(err)
			}
		}
		if len(m.tallies.here) != 0 {
			t.Error("it is in memory still")
		}
	}
	counts(t, m, one.ID, 2, 3, 1, ErrUsedUp)

	m.tallies.drop([]string{one.ID})
	store.onRead = func() { // or it has ended
		store.onRead = nil
		if err := m.End(t.Context(), one.ID); err != nil {
			t.Error(err)
		}
	}
	counts(t, m, one.ID, 1, 3, 0, ErrGone)
}
