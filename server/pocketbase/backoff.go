package pocketbase

import (
	"math/rand/v2"
	"time"
)

const (
	firstPause  = 250 * time.Millisecond
	longestWait = 15 * time.Second
)

// backoff gives the pauses between attempts: each twice as long as the one
// before up to a bound, and shortened by up to a half at random, so that several
// Haptas do not come back at once. Its zero value is ready.
type backoff struct{ attempts int }

func (b *backoff) next() time.Duration {
	pause := longestWait
	if b.attempts < 6 { // 250 ms doubled six times exceeds the bound
		pause = firstPause << b.attempts
		b.attempts++
	}
	return pause - rand.N(pause/2)
}
