// Package seldom keeps what a flood causes from being done each time, such as a line in
// the log.
package seldom

import (
	"sync/atomic"
	"time"
)

// Gate lets one of many through now and then. Its zero value has let nobody through; it
// is safe for concurrent use.
type Gate struct{ last atomic.Int64 } // Unix milliseconds

// Opens is true for one caller, and then for no other for so long, to the millisecond.
func (g *Gate) Opens(every time.Duration) bool {
	now, last := time.Now().UnixMilli(), g.last.Load()
	return now-last >= every.Milliseconds() && g.last.CompareAndSwap(last, now)
}
