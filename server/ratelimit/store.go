package ratelimit

import (
	"context"
	"time"
)

// Store is where keys are counted, by the generic cell rate algorithm (ITU-T
// I.371): of each it keeps one point in time, until which what was done is paid
// for. A limit may be another one each time. Memory is one; several servers can
// share another. It is safe for concurrent use.
type Store interface {
	// Take counts n, which are not more than the limit's Burst, or nothing if that
	// is too many now.
	Take(ctx context.Context, k Key, l Limit, n int, now time.Time) (Balance, error)
	// Return takes back n that were counted.
	Return(ctx context.Context, k Key, l Limit, n int) error
	// PutOff refuses a key until then, whatever its limit says. The zero time, or
	// any that has passed, lifts that.
	PutOff(ctx context.Context, k Key, until time.Time) error
}
