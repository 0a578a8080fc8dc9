package policy

import (
	"context"
	"errors"

	"github.com/hapta/hapta/abi"
)

// portion is how many records one call judges. Each call has the same fuel, so
// a large page must not have to share that of one.
const portion = 100

// lessons is how many records of a page are judged one by one so as to remember
// how: records of a page tend to be alike.
const lessons = 8

// Page judges all records of an answer; in.Stored is not used. What cannot be
// recalled is judged by the guest, many records in one call. When such a call has
// no verdict for each, its records are judged one by one, and those that fail
// again are refused with a *Fault in their decision. The decisions must not be
// changed. The error is a *Fault, or context's, or ErrWithheld.
func (p *Policy) Page(ctx context.Context, in *Input, records []Record) ([]*Decision, error) {
	j := &pageJudge{policy: p, in: *in, records: records, decisions: make([]*Decision, len(records))}
	rest, err := j.recall(j.all())
	for n := 0; err == nil && n < lessons && len(rest) > 0 && p.memo.lesson(abi.PhaseRecord, in) != nil; n++ {
		if err := j.oneByOne(ctx, rest[:1]); err != nil {
			return nil, err
		}
		rest, err = j.recall(rest[1:])
	}
	if err != nil {
		return nil, err
	}
	for len(rest) > 0 {
		n := min(portion, len(rest))
		if err := j.together(ctx, rest[:n]); err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	return j.decisions, nil
}

// pageJudge judges the records of one page, which it speaks of by their indices.
type pageJudge struct {
	policy    *Policy
	in        Input
	records   []Record
	decisions []*Decision
}

func (j *pageJudge) all() []int {
	all := make([]int, len(j.records))
	for n := range all {
		all[n] = n
	}
	return all
}

// recall decides what has been decided before, and returns the others in the
// place of those that it was given. The error is ErrWithheld.
func (j *pageJudge) recall(records []int) (rest []int, err error) {
	t := j.policy.memo.tree(abi.PhaseRecord, &j.in)
	if t == nil {
		return records, nil
	}
	c := j.policy.memo.call(j.policy)
	defer j.policy.memo.calls.Put(c)
	rest = records[:0]
	for _, n := range records {
		j.in.Stored = &j.records[n]
		d, withheld := c.recall(t, abi.PhaseRecord, &j.in)
		if withheld != nil {
			err = withheld
			break
		}
		if d != nil {
			j.decisions[n] = &d.decision
		} else {
			rest = append(rest, n)
		}
		c.again()
	}
	c.end()
	t.hits.Add(int64(len(records) - len(rest)))
	t.misses.Add(int64(len(rest)))
	return rest, err
}

func (j *pageJudge) together(ctx context.Context, records []int) error {
	p := j.policy
	if !p.code.page {
		return j.oneByOne(ctx, records)
	}
	some := make([]Record, len(records))
	for i, n := range records {
		some[i] = j.records[n]
	}
	i, err := p.call(ctx, abi.PhasePage, &j.in, some, false)
	if err == nil {
		err = j.take(&i.call, records)
		p.finish(i)
	}
	if err != nil && isFault(err) {
		return j.oneByOne(ctx, records)
	}
	return err
}

// take takes the decisions of a call over.
func (j *pageJudge) take(c *call, records []int) error {
	for i, n := range records {
		d, err := c.decision(i)
		if err != nil {
			return err
		}
		j.decisions[n] = &d
	}
	return nil
}

func (j *pageJudge) oneByOne(ctx context.Context, records []int) error {
	for _, n := range records {
		j.in.Stored = &j.records[n]
		d, err := j.policy.Record(ctx, &j.in)
		if err != nil && !isFault(err) {
			return err
		}
		j.decisions[n] = &d
	}
	return nil
}

func isFault(err error) bool {
	var fault *Fault
	return errors.As(err, &fault)
}
