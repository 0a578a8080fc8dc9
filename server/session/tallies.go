package session

import (
	"maps"
	"sync"
)

// tallies are what is counted of sessions, apart from these, which come and go in
// memory. A tally stays here until it is written down, so that the store is never
// read for one that it does not know the newest of.
type tallies struct {
	saving sync.Mutex // held by the one who writes tallies down and drops them

	mu    sync.Mutex
	here  map[string]*tally // by session
	drops uint64            // counted, so that a late reader of the store knows
	limit int
}

func newTallies() tallies {
	return tallies{here: map[string]*tally{}, limit: maxInMemory}
}

// do has f look at a session's tally. It reports false if that is not here.
func (t *tallies) do(id string, f func(*tally)) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	one, ok := t.here[id]
	if ok {
		f(one)
	}
	return ok
}

// moment is to be taken before the store is read, for put.
func (t *tallies) moment() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.drops
}

func (t *tallies) full() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.here) >= t.limit
}

// put takes in what the store had at a moment, unless it may have another by now,
// or none.
func (t *tallies) put(id string, one *tally, moment uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.drops == moment && t.here[id] == nil {
		t.here[id] = one
	}
}

// drop forgets what is counted of sessions that have ended.
func (t *tallies) drop(ids []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drops++
	for _, id := range ids {
		delete(t.here, id)
	}
}

// move makes the tally of a token that of the session it was exchanged for.
func (t *tallies) move(token, session string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drops++
	if one, ok := t.here[token]; ok {
		delete(t.here, token)
		t.here[session] = &tally{counts: one.counts, changed: true}
	}
}

// dropSaved forgets what the store has, and what is counted for accepted tokens
// that are known no more.
func (t *tallies) dropSaved(known func(token string) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, one := range t.here {
		if one.accepted && !known(id) || !one.accepted && !one.changed {
			delete(t.here, id)
			t.drops++
		}
	}
}

// changed is the sessions of whose counts the store has older ones.
func (t *tallies) changed() (ids []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, one := range t.here {
		if one.changed && !one.accepted {
			ids = append(ids, id)
		}
	}
	return ids
}

// take is what the store is to be told. It is as if it had been: see giveBack.
func (t *tallies) take(ids []string) map[string]map[string]int64 {
	taken := make(map[string]map[string]int64, len(ids))
	for _, id := range ids { // one at a time, so that many hold up no request
		t.do(id, func(one *tally) { taken[id], one.changed = maps.Clone(one.counts), false })
	}
	return taken
}

// giveBack says that the store could not be told.
func (t *tallies) giveBack(taken map[string]map[string]int64) {
	for id := range taken {
		t.do(id, func(one *tally) { one.changed = true })
	}
}
