package ratelimit

import (
	"hash/maphash"
	"sync"
)

// InFlight is how much of something each caller has under way. It is safe for
// concurrent use.
type InFlight struct {
	seed   maphash.Seed
	shards [shards]struct {
		mu sync.Mutex
		n  map[uint64]int // by a hash, as in Memory
		_  [64]byte
	}
}

// NewInFlight has nothing under way.
func NewInFlight() *InFlight {
	f := &InFlight{seed: maphash.MakeSeed()}
	for i := range f.shards {
		f.shards[i].n = map[uint64]int{}
	}
	return f
}

// Enter counts n more, unless they were more than most then. Leave is to be called
// for them.
func (f *InFlight) Enter(who Caller, n, most int) bool {
	id := maphash.Comparable(f.seed, who)
	s := &f.shards[id%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n[id]+n > most {
		return false
	}
	s.n[id] += n
	return true
}

// Leave ends n.
func (f *InFlight) Leave(who Caller, n int) {
	id := maphash.Comparable(f.seed, who)
	s := &f.shards[id%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n[id] -= n; s.n[id] <= 0 {
		delete(s.n, id)
	}
}
