package author

import (
	"context"
	"errors"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/filter"
	"github.com/hapta/hapta/server/policy"
)

// question is a case made ready to be put to a policy, as often as wanted.
type question struct {
	policy  *policy.Policy
	in      *policy.Input
	records []policy.Record // of a page; nil: none
}

// answer is what the policy decided: one decision, or those of a page.
type answer struct {
	one      policy.Decision
	narrowed *filter.Node
	page     []*policy.Decision
}

func (t *Tools) ask(c *Cases, one *Case, p *policy.Policy) (*question, error) {
	t.drop(c, one)
	in, err := c.input(one, p.Manifest())
	if err != nil {
		return nil, err
	}
	records, err := c.pageRecords(one, p.Manifest())
	return &question{p, in, records}, err
}

// put makes the call. A fault is an answer too: the refusal that it means.
func (q *question) put(ctx context.Context) (a answer, err error) {
	switch {
	case q.records != nil:
		a.page, err = q.policy.Page(ctx, q.in, q.records)
	case q.in.Operation == abi.OperationList:
		a.one, a.narrowed, err = q.policy.Filter(ctx, q.in)
	case q.in.Operation == abi.OperationView:
		a.one, err = q.policy.Record(ctx, q.in)
	default:
		a.one, err = q.policy.Before(ctx, q.in)
	}
	if q.records == nil && detail(err) != "" {
		err = nil
	}
	return a, err
}

// decide puts the question once, to the guest itself: traced calls are never
// answered from memory. Fuel is what all calls that it took have used.
func (q *question) decide(ctx context.Context, trace func(line string)) (outcomes []Outcome, fuel int64, err error) {
	q.in.Budget = &policy.Budget{}
	q.in.Trace = trace
	defer func() { q.in.Budget, q.in.Trace = nil, nil }()
	a, err := q.put(ctx)
	if err != nil {
		return nil, 0, err
	}
	if q.records == nil {
		a.page = []*policy.Decision{&a.one}
	}
	for _, d := range a.page {
		outcomes = append(outcomes, outcome(*d, a.narrowed))
	}
	return outcomes, q.in.Budget.Used(), nil
}

// untold is the trace of a question whose answer alone matters.
func untold(string) {}

// detail is what a fault says to the policy's author.
func detail(err error) string {
	if err == nil {
		return "" // and nothing is allocated, which would be taken for the policy's
	}
	var fault *policy.Fault
	if errors.As(err, &fault) {
		return fault.Detail
	}
	return ""
}
