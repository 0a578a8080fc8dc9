package ratelimit

import (
	"sync"
	"time"
)

// Limit is how many there may be at once, and how long it takes until there may
// be one more. In any stretch of time t there are Burst + t/Every at most.
type Limit struct {
	Burst int
	Every time.Duration
}

// Limiter holds each of any number of keys to a limit, by the generic cell rate
// algorithm (ITU-T I.371): of a key it keeps one point in time, until which what
// it has done is paid for. It is safe for concurrent use.
type Limiter[K comparable] struct {
	limit Limit
	most  int

	mu   sync.Mutex
	paid map[K]time.Time
}

// New keeps that many keys at most; those go first that have done least of late.
func New[K comparable](l Limit, most int) *Limiter[K] {
	return &Limiter[K]{limit: l, most: most, paid: map[K]time.Time{}}
}

// Take counts one, unless it is too many: then nothing is counted, and it
// returns how long it takes until there may be one.
func (l *Limiter[K]) Take(key K, now time.Time) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	paid, known := l.paid[key]
	if paid.Before(now) {
		paid = now
	}
	paid = paid.Add(l.limit.Every)
	if wait := paid.Sub(now) - time.Duration(l.limit.Burst)*l.limit.Every; wait > 0 {
		return wait, false
	}
	if !known && len(l.paid) >= l.most {
		l.evict()
	}
	l.paid[key] = paid
	return 0, true
}

// Busy is how long it takes until the key is as if nothing had been counted.
func (l *Limiter[K]) Busy(key K, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.paid[key].Sub(now))
}

// Return takes one back that was counted.
func (l *Limiter[K]) Return(key K) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if paid, known := l.paid[key]; known {
		l.paid[key] = paid.Add(-l.limit.Every)
	}
}

// evict drops the key among a few that has done least of late: a map is walked
// from anywhere.
func (l *Limiter[K]) evict() {
	const few = 8
	var least K
	n := 0
	for key, paid := range l.paid {
		if n == 0 || paid.Before(l.paid[least]) {
			least = key
		}
		if n++; n == few {
			break
		}
	}
	delete(l.paid, least)
}
