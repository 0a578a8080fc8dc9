package httpapi

import (
	"sync/atomic"
	"time"
)

// seldom keeps what a flood of clients causes from flooding the log.
type seldom struct{ last atomic.Int64 } // Unix seconds

// isDue is true once a minute at most.
func (s *seldom) isDue() bool {
	now, last := time.Now().Unix(), s.last.Load()
	return now-last >= 60 && s.last.CompareAndSwap(last, now)
}
