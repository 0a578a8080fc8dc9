package pocketbase

import "sync"

// tripAfter is how many requests in a row may fail before no more are sent.
const tripAfter = 5

// breaker is the circuit breaker before a remote PocketBase.
//
//	closed     requests pass; failures in a row are counted
//	open       requests are answered at once; run waits, longer each time
//	half-open  run probes, one at a time; requests are still answered at once
//
// The probe is run's own look at the superuser and the schema, and nothing else
// closes the breaker: no client's request is risked on it, and nothing is served
// by a schema from before the failure. A look that fails opens it as well.
//
// Its zero value is open, for nothing is known of PocketBase yet.
type breaker struct {
	mu       sync.Mutex
	closed   bool
	failures int // in a row
	round    int // counts how often it was closed
}

// enter tells whether a request may be sent. The round goes back with what
// became of it: a request of an earlier round says nothing of PocketBase now.
func (b *breaker) enter() (round int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.round, b.closed
}

// answered notes that PocketBase answered a request.
func (b *breaker) answered(round int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if round == b.round {
		b.failures = 0
	}
}

// failed notes that PocketBase did not answer a request, and tells whether that
// has opened the breaker.
func (b *breaker) failed(round int) (opened bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if round != b.round || !b.closed {
		return false
	}
	b.failures++
	b.closed = b.failures < tripAfter
	return !b.closed
}

// close is for a look that found all well. It tells whether the breaker was open.
func (b *breaker) close() (wasOpen bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	wasOpen = !b.closed
	if wasOpen {
		b.round++
	}
	b.closed, b.failures = true, 0
	return wasOpen
}

// open is for a look that did not.
func (b *breaker) open() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = false
}

func (b *breaker) isClosed() bool {
	_, ok := b.enter()
	return ok
}
