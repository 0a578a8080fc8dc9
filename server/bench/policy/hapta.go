package main

import (
	"context"
	"fmt"
	"time"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy"
)

var limits = policy.Limits{Fuel: 1_000_000, MemoryBytes: 4 << 20}

// hapta asks a policy, with everything on: fuel, limits, memory that is put back
// after every call, and what earlier calls came to is remembered.
type hapta struct {
	policy    *policy.Policy
	parsers   parsers
	input     policy.Input
	stored    policy.Record
	decisions []*policy.Decision // of a page
}

func newHapta(ctx context.Context, name string, module []byte, without ...func(*policy.Engine)) (*hapta, error) {
	engine := policy.NewEngine(limits)
	for _, leaveOut := range without {
		leaveOut(engine)
	}
	return loadHapta(ctx, engine, name, module)
}

// loadHapta loads a policy into an engine that has others as well.
func loadHapta(ctx context.Context, engine *policy.Engine, name string, module []byte) (*hapta, error) {
	p, err := engine.Load(ctx, name, module)
	if err != nil {
		return nil, fmt.Errorf("loading the module: %w", err)
	}
	return &hapta{policy: p, input: policy.Input{Now: time.Now()}}, nil
}

func (h *hapta) signIn(caller *fastjson.Value) { h.input.Caller = caller }

func (h *hapta) update(stored, body []byte) (answer, error) {
	s, b, err := h.parsers.parse(stored, body)
	if err != nil {
		return answer{}, err
	}
	in := &h.input
	h.stored.Value = s
	in.Operation, in.Reason, in.Stored, in.Incoming = abi.OperationUpdate, abi.ReasonAsked, &h.stored, in.Incoming[:0]
	b.GetObject().Visit(func(key []byte, v *fastjson.Value) {
		in.Incoming = append(in.Incoming, policy.Field{Name: textOf(key), Value: v})
	})
	d, err := h.policy.Before(context.Background(), in)
	if err != nil || d.Verdict == abi.VerdictAllow {
		return answer{}, err
	}
	return answer{d.Code, d.Message}, nil
}
