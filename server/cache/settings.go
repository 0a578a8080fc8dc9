package cache

import "time"

// Settings are for all collections.
type Settings struct {
	TTL   time.Duration // how long an answer is kept that nobody is known to have changed
	Stale time.Duration // for how much longer it may take the place of one that the database fails to give; 0: not at all
}

// Collection is what one collection has of its own.
type Collection struct {
	Mode Mode
	TTL  time.Duration // 0: the general one
}

// Mode bounds who shares the answers that a collection takes part in.
type Mode uint8

const (
	Shared   Mode = iota // whoever its rules allow
	Identity             // callers who are the same record at most
	Off                  // nobody
)
