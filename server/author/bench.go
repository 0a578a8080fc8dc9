package author

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hapta/hapta/server/policy"
)

// What measuring may take: a time that one waits for, whatever the number of
// cases.
const (
	benchTime     = 3 * time.Second
	benchCaseTime = 200 * time.Millisecond
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
	_, _ = fmt.Fprintln(table, "case\ttime per call\tfuel\tof max_fuel\tallocations\tdecision")
	each := min(benchCaseTime, benchTime/time.Duration(max(1, len(measured))))
	failed := 0
	for _, one := range measured {
		row, fault, err := t.row(ctx, p, cases, one, each)
		if err != nil {
			return err
		}
		if fault {
			failed++
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\n", one.name, row)
	}
	if err := table.Flush(); err != nil || failed == 0 {
		return err
	}
	return fmt.Errorf("the policy failed on %d of %d cases, which have no figures", failed, len(measured))
}

// unmeasured stands in place of figures.
const unmeasured = "–\t–\t–\t–\t"

// row is what there is to tell of a case. To measure how fast a policy fails
// would tell nothing.
func (t *Tools) row(ctx context.Context, p *policy.Policy, cases *Cases, one *Case, budget time.Duration) (row string, fault bool, err error) {
	if why := unhandled(one, p); why != "" {
		return unmeasured + why, false, nil
	}
	q, err := t.ask(cases, one, p)
	if err != nil {
		return "", false, err
	}
	got, fuel, err := q.decide(ctx, untold)
	if err != nil {
		return "", false, err
	}
	if why := faults(got); why != "" {
		return unmeasured + why, true, nil
	}
	c, err := q.cost(ctx, budget)
	return fmt.Sprintf("%s\t%d\t%s\t%d\t%s", c.time, fuel, share(fuel, p.Limits().Fuel), c.allocations, decided(one, got)), false, err
}

// faults say where the policy ended without a decision; "" is nowhere.
func faults(got []Outcome) string {
	i := slices.IndexFunc(got, func(o Outcome) bool { return o.Fault != "" })
	if i < 0 {
		return ""
	}
	return ofRecord(i, len(got), "no decision: "+got[i].Code+": "+got[i].Fault)
}

// decided is what was measured: the verdict and the code of each kind that a page
// has, and a warning where the case expects another.
func decided(one *Case, got []Outcome) string {
	var kinds []string
	for _, o := range got {
		if kind := strings.TrimSpace(o.Verdict + " " + o.Code); !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	if len(compare(one.want, got)) > 0 {
		kinds = append(kinds, "not as expected")
	}
	return strings.Join(kinds, ", ")
}

// pages is a size of memory in the unit that modules count it in.
func pages(bytes int) string {
	const page = 64 << 10
	if bytes/page == 1 {
		return "1 page"
	}
	return fmt.Sprintf("%d pages", bytes/page)
}
