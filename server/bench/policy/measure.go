package main

import (
	"fmt"
	"syscall"
	"time"
)

// A round gives every row a tenth of a second in short turns, so that what slows
// the machine for a while slows all of them.
const (
	turn  = 5 * time.Millisecond
	turns = 20
)

func measure(rows []*row, rounds int) error {
	c := takeOverCollector()
	defer c.giveBack()
	for _, r := range rows {
		if err := r.prepare(); err != nil {
			return fmt.Errorf("%s: %w", r.label, err)
		}
	}
	for round := range rounds {
		for range turns {
			for _, r := range rows {
				if err := r.take(round, c); err != nil {
					return fmt.Errorf("%s: %w", r.label, err)
				}
			}
		}
	}
	return nil
}

// prepare finds out how many calls fill a turn, which warms what is called, and
// what a call allocates.
func (r *row) prepare() error {
	for r.calls = 1; ; r.calls *= 2 {
		start := processorTime()
		if err := r.repeat(); err != nil {
			return err
		}
		if processorTime()-start >= turn {
			break
		}
	}
	before := allocated()
	err := r.repeat()
	r.allocations, r.bytes = allocated().since(before, r.calls)
	return err
}

// take makes the calls of a turn, and pays for what they leave to the collector.
func (r *row) take(round int, c *collector) error {
	if round == len(r.times) {
		r.times = append(r.times, 0)
	}
	start := processorTime()
	if err := r.repeat(); err != nil {
		return err
	}
	r.owed = c.collect(r.owed + r.bytes*float64(r.calls))
	r.times[round] += float64(processorTime()-start) / float64(r.calls*turns)
	return nil
}

func (r *row) repeat() error {
	for range r.calls {
		if err := r.call(); err != nil {
			return err
		}
	}
	return nil
}

// processorTime is what this process has used. Unlike time on the clock it is
// hardly longer on a busy machine.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // with these arguments it cannot fail
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
