package ratelimit

import (
	"net/netip"
	"time"
)

// Limit is how many there may be at once, and how long it takes until there may
// be one more. In any stretch of time t there are Burst + t/Every at most.
type Limit struct {
	Burst int
	Every time.Duration
}

// Per is n in each period, and n at once. What does not divide evenly is rounded
// to the stricter side, by less than a nanosecond for each.
func Per(n int, period time.Duration) Limit {
	return Limit{n, (period + time.Duration(n) - 1) / time.Duration(n)}
}

// window is how long it takes until all there may be at once is there again.
func (l Limit) window() time.Duration { return time.Duration(l.Burst) * l.Every }

// Key is what is counted: what somebody does.
type Key struct {
	What string
	Who  Caller
}

// Caller is a record that is signed in, or somebody known by their network alone.
type Caller struct {
	Collection, Record string
	Network            netip.Prefix
}

// Balance is how a key stands with its limit.
type Balance struct {
	OK     bool          // it was counted
	Wait   time.Duration // or: when the same would be
	PutOff bool          // or: for it was put off
	Left   int           // how many there may be now
	Full   time.Duration // until there may be Burst
}
