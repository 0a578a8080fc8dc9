package author

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/hapta/hapta/server/policy"
)

// Inspect tells what a module says of itself, and what bounds it.
func (t *Tools) Inspect(ctx context.Context, name string) error {
	u, err := t.find(name)
	if err != nil {
		return err
	}
	p, err := t.load(ctx, u)
	if err != nil {
		return err
	}
	defer p.Retire()
	info, err := os.Stat(u.module())
	if err != nil {
		return fmt.Errorf("inspecting a policy: %w", err)
	}
	table := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(table, "module\t%s\nsize\t%d bytes\n", u.module(), info.Size())
	describe(table, p)
	return table.Flush()
}

func describe(w io.Writer, p *policy.Policy) {
	m, limits := p.Manifest(), p.Limits()
	operations := make([]string, len(m.Operations))
	for i, o := range m.Operations {
		operations[i] = o.String()
	}
	for _, row := range []struct {
		key   string
		names []string
	}{
		{"version", []string{p.Version()}}, {"name", []string{m.Name}}, {"operations", operations}, {"codes", m.Codes},
		{"writes", m.Writes}, {"masks", m.Masks}, {"always_masked", m.AlwaysMasked}, {"public", m.Public},
		{"relations", m.Relations}, {"caller", m.Caller}, {"drops", []string{strconv.FormatBool(m.Drops)}},
		{"exports", p.Exports()}, {"imports", p.Imports()},
	} {
		_, _ = fmt.Fprintf(w, "%s\t%s\n", row.key, strings.Join(lines(row.names), "\n\t"))
	}
	_, _ = fmt.Fprintf(w, "memory\t%s, at most %s (max_memory)\n", pages(p.Memory()), pages(int(limits.MemoryBytes)))
	_, _ = fmt.Fprintf(w, "fuel\tat most %d a call (max_fuel)\n", limits.Fuel)
}

// lines breaks a list of names to fit a terminal; an empty one is a line too.
func lines(names []string) []string {
	const width = 60
	all := []string{"–"}
	for _, name := range names {
		last := &all[len(all)-1]
		switch {
		case *last == "–":
			*last = name
		case len(*last)+len(name) < width:
			*last += " " + name
		default:
			all = append(all, name)
		}
	}
	return all
}
