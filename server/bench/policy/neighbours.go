package main

import (
	"context"
	_ "embed"
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

//go:embed rules/spinning.wasm
var spinningRule []byte

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
	spinner, err := policy.NewEngine(limits).Load(ctx, "spinning", spinningRule)
	if err != nil {
		return fmt.Errorf("loading the spinning policy: %w", err)
	}
	defer spinner.Retire()

	var alone, beside []time.Duration
	var ratios []float64
	for range rounds {
		a, err := percentile(ctx, nil)
		if err != nil {
			return err
		}
		b, err := percentile(ctx, spinner)
		if err != nil {
			return err
		}
		alone, beside = append(alone, a), append(beside, b)
		ratios = append(ratios, float64(b)/float64(a))
	}
	slices.Sort(ratios)
	r := ratio{ratios[0], middle(ratios), ratios[len(ratios)-1]}
	fmt.Fprintf(w, "\np99 of another policy's calls, one due each %s, on %d cores: alone %s, while one spins %s\n",
		pace, cores, median(alone), median(beside))
	fmt.Fprintf(w, "  %-56s %8s %5.2f, floor %5.2f: %s\n", "the others' p99 while one policy spins, to theirs alone", "at most", 2.0, 4.0, r)
	return nil
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2].Round(time.Microsecond)
}

// percentile runs paced calls for a while, beside a spinner if there is one.
func percentile(ctx context.Context, spinner *policy.Policy) (time.Duration, error) {
	ctx, stop := context.WithTimeout(ctx, stretch)
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	if spinner != nil {
		all.Go(func() { spin(ctx, spinner) })
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

func spin(ctx context.Context, p *policy.Policy) {
	record := policy.Record{Value: fastjson.MustParseBytes(stored)}
	in := &policy.Input{Operation: abi.OperationView, Reason: abi.ReasonAsked, Stored: &record}
	for ctx.Err() == nil {
		_, _ = p.Record(context.Background(), in) // it runs out of fuel each time
	}
}
