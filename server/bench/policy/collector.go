package main

import (
	"math"
	"runtime"
	"runtime/debug"
)

// collector collects when a row owes it. Left to itself, Go would collect in the
// turn in which the heap happens to be full, and often in those of rows that leave
// nothing to collect.
type collector struct {
	percent int
	every   float64 // bytes allocated from one collection to the next
}

// takeOverCollector lets the heap double before it is collected, as Go does.
func takeOverCollector() *collector {
	c := &collector{percent: debug.SetGCPercent(-1)}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	c.every = float64(m.HeapAlloc)
	return c
}

func (c *collector) giveBack() { debug.SetGCPercent(c.percent) }

// collect collects what is due, and returns what is still owed.
func (c *collector) collect(owed float64) float64 {
	for owed >= c.every {
		runtime.GC()
		owed -= c.every
	}
	return owed
}

// memory is what has been allocated so far.
type memory struct{ times, bytes uint64 }

func allocated() memory {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return memory{m.Mallocs, m.TotalAlloc}
}

// since is what each of the calls since then has allocated. What the runtime itself
// allocates now and then rounds to nothing.
func (m memory) since(before memory, calls int) (times, bytes float64) {
	each := func(now, then uint64) float64 { return math.Floor(float64(now-then) / float64(calls)) }
	return each(m.times, before.times), each(m.bytes, before.bytes)
}
