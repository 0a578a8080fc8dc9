package policy

import (
	"context"
	"errors"

	"github.com/hapta/hapta/abi"
)

// portion is how many records one call judges. Each call has the same fuel, so
// a large page must not have to share that of one.
const portion = 100

// Page judges all records of an answer, many in one call; in.Stored is not used. When such a call has no verdict for each, its
// records are judged one by one, and those that fail again are refused with a
// *Fault in their decision. The error is a *Fault, or the context's.
func (p *Policy) Page(ctx context.Context, in *Input, records []Record) ([]Decision, error) {
	decisions := make([]Decision, len(records))
	for from := 0; from < len(records); from += portion {
		to := min(from+portion, len(records))
		if err := p.page(ctx, in, records[from:to], decisions[from:to]); err != nil {
			return nil, err
		}
	}
	return decisions, nil
}

func (p *Policy) page(ctx context.Context, in *Input, records []Record, decisions []Decision) error {
	if !p.code.page {
		return p.oneByOne(ctx, in, records, decisions)
	}
	i, err := p.call(ctx, abi.PhasePage, in, records)
	if err == nil {
		err = i.call.decisions(decisions)
		p.finish(i)
	}
	if err != nil && isFault(err) {
		return p.oneByOne(ctx, in, records, decisions)
	}
	return err
}

func (c *call) decisions(list []Decision) error {
	for n := range list {
		var err error
		if list[n], err = c.decision(n); err != nil {
			return err
		}
	}
	return nil
}

func (p *Policy) oneByOne(ctx context.Context, in *Input, records []Record, decisions []Decision) error {
	alone := *in
	for n := range records {
		alone.Stored = &records[n]
		d, err := p.Record(ctx, &alone)
		if err != nil && !isFault(err) {
			return err
		}
		decisions[n] = d
	}
	return nil
}

func isFault(err error) bool {
	var fault *Fault
	return errors.As(err, &fault)
}
