package author

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hapta/hapta/server/policy"
)

// Test holds policies to their cases and tells which ones fail. What is named
// are files, folders and collections; nothing is all of the folder. The error
// is a *Mistake when something could not be tested.
func (t *Tools) Test(ctx context.Context, names []string, verbose bool) error {
	units, err := t.findAll(names)
	if err != nil {
		return err
	}
	r := &report{tools: t, verbose: verbose}
	var mistakes []error
	for _, u := range units {
		if err := r.test(ctx, u); err != nil {
			mistakes = append(mistakes, err)
		}
	}
	_, _ = fmt.Fprintf(t.Out, "%d passed, %d failed\n", r.passed, r.failed)
	if r.failed > 0 && len(mistakes) == 0 {
		return errors.New("not every policy decides as its cases expect")
	}
	return errors.Join(mistakes...)
}

type report struct {
	tools          *Tools
	verbose        bool
	passed, failed int
}

func (r *report) test(ctx context.Context, u unit) error {
	cases, err := r.tools.cases(u)
	if err != nil {
		return err
	}
	p, err := r.tools.load(ctx, u)
	if err != nil {
		return err
	}
	defer p.Retire()
	if len(cases.list) == 0 {
		_, _ = fmt.Fprintf(r.tools.Err, "%s has no cases, so the policy is held to nothing\n", u.cases())
	}
	for _, one := range cases.list {
		wrong, err := r.tools.hold(ctx, p, cases, one)
		if err != nil {
			return err
		}
		r.tell(fmt.Sprintf("%s:%d: %s", u.cases(), one.line, one.name), wrong)
	}
	return nil
}

// hold puts a case to the policy and tells what is not as expected, a line each.
func (t *Tools) hold(ctx context.Context, p *policy.Policy, cases *Cases, one *Case) ([]string, error) {
	if why := unhandled(one, p); why != "" {
		return []string{why}, nil
	}
	q, err := t.ask(cases, one, p)
	if err != nil {
		return nil, err
	}
	got, _, err := q.decide(ctx, untold)
	if err != nil {
		return nil, err
	}
	wrong := compare(one.want, got)
	if len(wrong) > 0 {
		wrong = append(wrong, undeclared(one.want, p.Manifest().Codes)...)
	}
	parted, err := q.disagreement(ctx, got)
	return append(wrong, parted...), err
}

// compare is how decisions differ from what is expected of them.
func compare(want, got []Outcome) (lines []string) {
	for i := range want {
		for _, line := range differences(want[i], got[i]) {
			lines = append(lines, ofRecord(i, len(want), line))
		}
	}
	return lines
}

// ofRecord says which record of a page a line is about, where there are several.
func ofRecord(index, records int, line string) string {
	if records == 1 {
		return line
	}
	return fmt.Sprintf("record %d: %s", index+1, line)
}

func (r *report) tell(what string, differences []string) {
	if len(differences) == 0 {
		r.passed++
		if r.verbose {
			_, _ = fmt.Fprintf(r.tools.Out, "ok   %s\n", what)
		}
		return
	}
	r.failed++
	_, _ = fmt.Fprintf(r.tools.Out, "FAIL %s\n     %s\n", what, strings.Join(differences, "\n     "))
}
