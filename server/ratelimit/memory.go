package ratelimit

import (
	"context"
	"hash/maphash"
	"math"
	"sync"
	"time"
)

// maxKeys bounds the keys in memory, some 60 bytes each. Those go first that have
// done least of late.
const maxKeys = 1 << 20

// maxPutOff bounds the keys in memory that are put off. Those go first whose time
// ends first.
const maxPutOff = 1 << 16

// Memory is a Store in this process. It keeps 64 bits of a hash in the place of a
// key: that two of a million are taken for one is less likely than 1 in 10,000,000,
// and nobody can choose it, for the hash is another one in each process.
type Memory struct {
	seed   maphash.Seed
	begin  time.Time // times are kept as nanoseconds since
	shards [shards]shard
}

// shards is how many parts there are, so that processors rarely wait for each other.
const shards = 256

// shard is a part of the keys.
type shard struct {
	mu     sync.Mutex
	paid   map[uint64]paid
	putOff map[uint64]int64 // until when
	_      [64]byte         // the next one's lock is in another line of the processor's cache
}

// paid is until when a key has paid, at how long each took.
type paid struct{ until, every int64 }

// at is until when that is by another limit, of which as many are spent.
func (p paid) at(now int64, l Limit) int64 {
	owed := max(0, p.until-now)
	if every := int64(l.Every); p.every != every && owed > 0 {
		owed = int64(math.Ceil(float64(owed) / float64(p.every) * float64(every)))
	}
	return now + min(owed, int64(l.window()))
}

// NewMemory is empty.
func NewMemory() *Memory {
	m := &Memory{seed: maphash.MakeSeed(), begin: time.Now()}
	for i := range m.shards {
		m.shards[i].paid, m.shards[i].putOff = map[uint64]paid{}, map[uint64]int64{}
	}
	return m
}

// Take counts n, or nothing if that is too many.
func (m *Memory) Take(_ context.Context, k Key, l Limit, n int, now time.Time) (Balance, error) {
	at, window := int64(now.Sub(m.begin)), int64(l.window())
	s, id := m.find(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	before, known := s.paid[id]
	until := before.at(at, l)
	if wait := s.waits(id, at); wait > 0 {
		return Balance{Wait: time.Duration(wait), PutOff: true, Full: time.Duration(max(wait, until-at))}, nil
	}
	next := until + int64(n)*int64(l.Every)
	wait := next - at - window
	if wait <= 0 {
		if !known && len(s.paid) >= maxKeys/shards {
			drop(s.paid, func(x, y paid) bool { return x.until < y.until })
		}
		until = next
		s.paid[id] = paid{until, int64(l.Every)}
	}
	return Balance{
		OK: wait <= 0, Wait: time.Duration(max(0, wait)), Left: int((at + window - until) / int64(l.Every)), Full: time.Duration(until - at),
	}, nil
}

// Return takes back n that were counted.
func (m *Memory) Return(_ context.Context, k Key, l Limit, n int) error {
	s, id := m.find(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, known := s.paid[id]; known {
		s.paid[id] = paid{p.until - int64(n)*p.every, p.every}
	}
	return nil
}

// PutOff refuses a key until then.
func (m *Memory) PutOff(_ context.Context, k Key, until time.Time) error {
	s, id := m.find(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.putOff[id]; !known && len(s.putOff) >= maxPutOff/shards {
		drop(s.putOff, func(x, y int64) bool { return x < y })
	}
	s.putOff[id] = int64(until.Sub(m.begin))
	return nil
}

// waits is how long the key is put off for; it needs the lock.
func (s *shard) waits(id uint64, at int64) int64 {
	if len(s.putOff) == 0 {
		return 0
	}
	until, known := s.putOff[id]
	if until > at {
		return until - at
	}
	if known {
		delete(s.putOff, id)
	}
	return 0
}

func (m *Memory) find(k Key) (*shard, uint64) {
	id := maphash.Comparable(m.seed, k)
	return &m.shards[id%shards], id
}

// drop removes the first of a few: a map is walked from anywhere, and that is nearly
// as good as keeping them in order.
func drop[K comparable, V any](all map[K]V, before func(x, y V) bool) {
	const few = 8
	var first K
	n := 0
	for k, v := range all {
		if n == 0 || before(v, all[first]) {
			first = k
		}
		if n++; n == few {
			break
		}
	}
	delete(all, first)
}
