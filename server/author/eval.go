package author

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Eval decides one question and tells how: every call of the host, then the
// decision. The question is a case by its name, or else one that input holds,
// which may use the callers and records of the policy's cases.
func (t *Tools) Eval(ctx context.Context, policy, name string, input io.Reader) error {
	u, err := t.find(policy)
	if err != nil {
		return err
	}
	cases, one, err := t.question(u, name, input)
	if err != nil {
		return err
	}
	p, err := t.load(ctx, u)
	if err != nil {
		return err
	}
	defer p.Retire()
	if why := unhandled(one, p); why != "" {
		_, err := fmt.Fprintln(t.Out, why)
		return err
	}
	q, err := t.ask(cases, one, p)
	if err != nil {
		return err
	}
	got, fuel, err := q.decide(ctx, func(line string) { _, _ = fmt.Fprintln(t.Out, line) })
	if err != nil {
		return err
	}
	return t.decided(one, got, fuel, p.Limits().Fuel)
}

func (t *Tools) question(u unit, name string, input io.Reader) (*Cases, *Case, error) {
	if input == nil {
		cases, err := t.cases(u)
		if err != nil {
			return nil, nil, err
		}
		one, err := cases.find(name)
		return cases, one, err
	}
	cases := &Cases{collection: u.name()}
	err := cases.know(u)
	if _, missing := os.Stat(u.cases()); !errors.Is(missing, fs.ErrNotExist) {
		cases, err = t.cases(u)
	}
	if err != nil {
		return nil, nil, err
	}
	text, err := readAll(input)
	if err != nil {
		return nil, nil, mistake("the case cannot be read: %v; name a file as --input, or - for standard input", err)
	}
	if cases.source, err = newSource("the case", text); err != nil {
		return nil, nil, err
	}
	one, err := cases.parse(cases.source.text[start(text):])
	return cases, one, err
}

// decided prints the decision as a case would expect it.
func (t *Tools) decided(one *Case, got []Outcome, fuel, limit int64) error {
	var shown any = got
	if one.page == nil {
		shown = got[0]
	}
	e := json.NewEncoder(t.Out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(shown); err != nil {
		return fmt.Errorf("writing the decision: %w", err)
	}
	_, err := fmt.Fprintf(t.Out, "fuel %d of %d (%s)\n", fuel, limit, share(fuel, limit))
	return err
}

func share(part, whole int64) string { return fmt.Sprintf("%.2f %%", 100*float64(part)/float64(whole)) }
