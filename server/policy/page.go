package policy

import (
	"context"
	"errors"

	"github.com/hapta/hapta/abi"
)

// Page judges all records of an answer, in one call for each abi.MaxPage of
// them; in.Stored is not used. When such a call has no verdict for each, its
// records are judged one by one, and those that fail again are refused with a
// *Fault in their decision. The error is a *Fault, or the context's.
func (p *Policy) Page(ctx context.Context, in *Input, records []Record) ([]Decision, error) {
	decisions := make([]Decision, len(records))
	for from := 0; from < len(records); from += abi.MaxPage {
		to := min(from+abi.MaxPage, len(records))
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
	err := p.use(ctx, abi.PhasePage, in, records, func(c *call) error {
		for n := range decisions {
			var err error
			if decisions[n], err = c.decision(n); err != nil {
				return err
			}
		}
		return nil
	})
	var fault *Fault
	if errors.As(err, &fault) {
		return p.oneByOne(ctx, in, records, decisions)
	}
	return err
}

func (p *Policy) oneByOne(ctx context.Context, in *Input, records []Record, decisions []Decision) error {
	alone := *in
	for n := range records {
		alone.Stored = &records[n]
		d, err := p.Record(ctx, &alone)
		var fault *Fault
		if err != nil && !errors.As(err, &fault) {
			return err
		}
		decisions[n] = d
	}
	return nil
}
