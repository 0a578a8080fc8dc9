package author

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/hapta/hapta/server/policy"
)

// What measuring may take: a time that one waits for, whatever the number of
// cases, in rounds of which the median counts.
const (
	benchTime     = 3 * time.Second
	benchCaseTime = 200 * time.Millisecond
	benchRounds   = 9
)

// Bench tells what each case costs, or the one with a name.
func (t *Tools) Bench(ctx context.Context, what, name string) error {
	u, err := t.find(what)
	if err != nil {
		return err
	}
	cases, err := t.cases(u)
	if err != nil {
		return err
	}
	measured := cases.list
	if name != "" {
		one, err := cases.find(name)
		if err != nil {
			return err
		}
		measured = []*Case{one}
	}
	p, err := t.load(ctx, u)
	if err != nil {
		return err
	}
	defer p.Retire()
	_, _ = fmt.Fprintf(t.Out, "%s, version %s: memory %s of %s\n\n", u.module(), p.Version(), pages(p.Memory()), pages(int(p.Limits().MemoryBytes)))
	return t.measure(ctx, p, cases, measured)
}

func (t *Tools) measure(ctx context.Context, p *policy.Policy, cases *Cases, measured []*Case) error {
	table := tabwriter.NewWriter(t.Out, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "case\ttime per call\tfuel\tof max_fuel\tallocations")
	each := min(benchCaseTime, benchTime/time.Duration(max(1, len(measured))))
	for _, one := range measured {
		if why := unhandled(one, p); why != "" {
			_, _ = fmt.Fprintf(table, "%s\t–\t–\t–\t–\t%s\n", one.name, why)
			continue
		}
		q, err := t.ask(cases, one, p)
		if err != nil {
			return err
		}
		c, err := q.cost(ctx, each)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%d%s\n", one.name, c.time, c.fuel, share(c.fuel, p.Limits().Fuel), c.allocations, remark(one, c.outcomes))
	}
	return table.Flush()
}

// cost is what one call of a policy takes.
type cost struct {
	time        time.Duration
	fuel        int64
	allocations uint64
	outcomes    []Outcome
}

// remark warns that what was measured is not what is meant; "" when it is.
func remark(one *Case, got []Outcome) string {
	if i := slices.IndexFunc(got, func(o Outcome) bool { return o.Fault != "" }); i >= 0 {
		return "\trefused: " + got[i].Code
	}
	if len(compare(one.want, got)) > 0 {
		return "\tnot as expected"
	}
	return ""
}

func (q *question) cost(ctx context.Context, budget time.Duration) (c cost, err error) {
	if c.outcomes, c.fuel, err = q.decide(ctx, untold); err != nil {
		return c, err
	}
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

// pages is a size of memory in the unit that modules count it in.
func pages(bytes int) string {
	const page = 64 << 10
	if bytes/page == 1 {
		return "1 page"
	}
	return fmt.Sprintf("%d pages", bytes/page)
}
