package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy"
)

// hostile are rules that never come to an end by themselves.
var (
	//go:embed rules/spinning.wasm
	spinningRule []byte
	//go:embed rules/filling.wasm
	fillingRule []byte
	//go:embed rules/asking.wasm
	askingRule []byte

	hostile = []struct {
		does   string
		module []byte
	}{
		{"counts", spinningRule}, {"fills its memory", fillingRule}, {"asks the server", askingRule},
	}
)

// How calls of other policies fare while one policy spins: paced callers note the
// time from when a call was due to when it was answered, so that waiting counts.
const (
	pace    = 200 * time.Microsecond
	stretch = time.Second
)

// neighbours measures the 99th percentile of the others, alone and beside a
// policy that spends all of its fuel in call after call.
func neighbours(ctx context.Context, w io.Writer, rounds int) error {
	cores := runtime.NumCPU()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	fmt.Fprintf(w, "\np99 of a policy's calls, one due each %s, while another spends its fuel, on %d cores\n", pace, cores)
	for _, h := range hostile {
		p, err := policy.NewEngine(limits).Load(ctx, "hostile", h.module)
		if err != nil {
			return fmt.Errorf("loading the policy that %s: %w", h.does, err)
		}
		err = beside(ctx, w, rounds, h.does, p)
		p.Retire()
		if err != nil {
			return err
		}
	}
	return nil
}

func beside(ctx context.Context, w io.Writer, rounds int, does string, p *policy.Policy) error {
	var fault *policy.Fault
	if _, err := p.Record(ctx, toJudge()); !errors.As(err, &fault) || fault.Code != abi.FaultOutOfFuel {
		return fmt.Errorf("the policy that %s did not run out of fuel: %w", does, err)
	}
	var alone, both []time.Duration
	var ratios []float64
	for range rounds {
		a, err := percentile(ctx, nil)
		if err != nil {
			return err
		}
		b, err := percentile(ctx, p)
		if err != nil {
			return err
		}
		alone, both = append(alone, a), append(both, b)
		ratios = append(ratios, float64(b)/float64(a))
	}
	slices.Sort(ratios)
	r := ratio{ratios[0], middle(ratios), ratios[len(ratios)-1]}
	what := fmt.Sprintf("one that %s: %s, alone %s", does, median(both), median(alone))
	target(w, what, "at most", r, 2, 4, r.median <= 2, r.median <= 4)
	return nil
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2].Round(time.Microsecond)
}

// percentile runs paced calls for a while, beside another policy if there is one.
func percentile(ctx context.Context, other *policy.Policy) (time.Duration, error) {
	ctx, stop := context.WithTimeout(ctx, stretch)
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	if other != nil {
		all.Go(func() { spend(ctx, other) })
	}
	h, err := newHapta(ctx, "users_assemblyscript", assemblyScriptRule)
	if err != nil {
		return 0, err
	}
	defer h.policy.Retire()
	h.signIn(callerOf(ann))
	var took []time.Duration
	for due := time.Now(); ctx.Err() == nil; due = due.Add(pace) {
		time.Sleep(time.Until(due))
		if _, err := h.update(stored, []byte(ordinary)); err != nil {
			return 0, err
		}
		took = append(took, time.Since(due))
	}
	slices.Sort(took)
	return took[len(took)*99/100], nil
}

func spend(ctx context.Context, p *policy.Policy) {
	in := toJudge()
	for ctx.Err() == nil {
		_, _ = p.Record(context.Background(), in) // it runs out of fuel each time
	}
}

func toJudge() *policy.Input {
	record := policy.Record{Value: fastjson.MustParseBytes(stored)}
	return &policy.Input{Operation: abi.OperationView, Reason: abi.ReasonAsked, Stored: &record}
}
