package author

import (
	"context"
	"fmt"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy"
)

// disagreement tells where the module's two ways to judge a record part, a line
// each: hapta_record judges a view, and hapta_page a list, so a record that one
// shows and the other hides leaks by the one. A module without hapta_page has one
// way alone, and nothing is asked.
func (q *question) disagreement(ctx context.Context, got []Outcome) (lines []string, err error) {
	if q.in.Operation != abi.OperationView || !q.policy.JudgesPages() {
		return nil, nil
	}
	alone, together := got, got
	if q.records == nil {
		together, err = q.together(ctx)
	} else {
		alone, err = q.alone(ctx)
	}
	if err != nil {
		return nil, err
	}
	for i := range alone {
		for _, line := range parted(alone[i], together[i]) {
			lines = append(lines, ofRecord(i, len(alone), line))
		}
	}
	return lines, nil
}

// together judges the record as a page of one.
func (q *question) together(ctx context.Context) ([]Outcome, error) {
	page := &question{q.policy, q.in, []policy.Record{*q.in.Stored}}
	got, _, err := page.decide(ctx, untold)
	return got, err
}

// alone judges the records of the page one by one.
func (q *question) alone(ctx context.Context) (got []Outcome, err error) {
	for i := range q.records {
		in := *q.in
		in.Stored = &q.records[i]
		one, _, err := (&question{q.policy, &in, nil}).decide(ctx, untold)
		if err != nil {
			return nil, err
		}
		got = append(got, one...)
	}
	return got, nil
}

func parted(alone, together Outcome) (lines []string) {
	part := func(member string, same bool, alone, together string) {
		if !same {
			lines = append(lines, fmt.Sprintf("%-8s %s by itself (hapta_record), %s in a page (hapta_page): a view and a list have to decide alike", member, alone, together))
		}
	}
	part("verdict", alone.Verdict == together.Verdict, alone.Verdict, together.Verdict)
	part("code", alone.Code == together.Code, told(alone.Code), told(together.Code))
	part("masks", sameNames(alone.Masks, together.Masks), list(alone.Masks), list(together.Masks))
	return lines
}
