package author

import (
	"context"
	"runtime"
	"slices"
	"time"
)

// benchRounds are how often a cost is measured; the median counts.
const benchRounds = 9

// cost is what one call of a policy takes.
type cost struct {
	time        time.Duration
	allocations uint64
}

func (q *question) cost(ctx context.Context, budget time.Duration) (c cost, err error) {
	first, _, err := q.round(ctx, 3)
	calls := int(budget/benchRounds/max(first, 1)) + 1
	var times []time.Duration
	for range benchRounds {
		if err != nil {
			return c, err
		}
		var took time.Duration
		took, c.allocations, err = q.round(ctx, calls)
		times = append(times, took)
	}
	slices.Sort(times)
	c.time = times[benchRounds/2]
	return c, err
}

// round makes some calls and tells what each took.
func (q *question) round(ctx context.Context, calls int) (took time.Duration, allocations uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	for range calls {
		if _, err := q.put(ctx); err != nil {
			return 0, 0, err
		}
	}
	took = time.Since(start) / time.Duration(calls)
	runtime.ReadMemStats(&after)
	return took, (after.Mallocs - before.Mallocs) / uint64(calls), nil
}
