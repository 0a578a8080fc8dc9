package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/policy/compile"
)

// How calls of one policy fare while another does harm: paced callers note the
// time from when a call was due to when it was answered, so that waiting counts.
const (
	pace        = 100 * time.Microsecond
	stretch     = 50 * time.Millisecond
	bombStretch = 500 * time.Millisecond // starting the child takes some of it
	aloneEvery  = 4                      // stretches, of which as many are beside something
	plainGo     = "a Go loop that only yields"
)

// beside is what a policy's calls are measured beside.
type beside struct {
	name        string
	stretch     time.Duration
	disturb     func(context.Context) // until the context ends
	alone, both []time.Duration       // 99th percentiles, by round
}

// neighbours measures the 99th percentile of a policy's calls, alone and beside
// each hostile module: those that load are called back to back, those that are
// refused are loaded so, in turn.
func neighbours(ctx context.Context, w io.Writer, rounds int) error {
	cores := runtime.NumCPU()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	engine, done, err := serverEngine()
	if err != nil {
		return err
	}
	defer done()
	innocent, err := loadHapta(ctx, engine, "users_assemblyscript", assemblyScriptRule)
	if err != nil {
		return err
	}
	defer innocent.policy.Retire()
	innocent.signIn(callerOf(ann))
	all, err := readHostile(ctx, engine)
	if err != nil {
		return err
	}
	refused := &refusals{engine: engine, took: map[string]time.Duration{}}
	rows := besideEach(all, refused)
	for range rounds {
		if err := measureBeside(ctx, innocent, rows); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\np99 of a policy's calls, one due each %s, on %d cores: median of %d rounds\n", pace, cores, rounds)
	reportBeside(w, rows)
	refused.report(w)
	return nil
}

// serverEngine compiles as a server does.
func serverEngine() (*policy.Engine, func(), error) {
	dir, err := os.MkdirTemp("", "neighbours")
	if err != nil {
		return nil, nil, err
	}
	done := func() { _ = os.RemoveAll(dir) } // what stays of it is the system's to remove
	cache, err := compile.Open(dir)
	if err != nil {
		done()
		return nil, nil, err
	}
	engine := policy.NewEngine(limits)
	engine.CompileBy(cache)
	return engine, done, nil
}

// besideEach begins with what any goroutine does to its neighbours, policy or not.
func besideEach(all []*hostile, refused *refusals) (rows []*beside) {
	rows = append(rows, &beside{name: plainGo, stretch: stretch, disturb: yield})
	for _, h := range all {
		switch {
		case h.policy != nil:
			rows = append(rows, &beside{name: h.name, stretch: stretch, disturb: h.attack})
		case h.bomb():
			rows = append(rows, &beside{name: h.name + ", being compiled", stretch: bombStretch, disturb: func(ctx context.Context) { refused.load(ctx, h) }})
		default:
			refused.modules = append(refused.modules, h)
		}
	}
	name := fmt.Sprintf("loading %d that are refused", len(refused.modules))
	return append(rows, &beside{name: name, stretch: bombStretch, disturb: refused.loadAll})
}

func yield(ctx context.Context) {
	for ctx.Err() == nil {
		runtime.Gosched()
	}
}

// measureBeside takes a round: some stretches, and before them one alone.
func measureBeside(ctx context.Context, innocent *hapta, rows []*beside) error {
	var alone time.Duration
	for i, b := range rows {
		var err error
		if i%aloneEvery == 0 {
			if alone, err = percentile(ctx, innocent, stretch, nil); err != nil {
				return err
			}
		}
		both, err := percentile(ctx, innocent, b.stretch, b.disturb)
		if err != nil {
			return err
		}
		b.alone, b.both = append(b.alone, alone), append(b.both, both)
	}
	return nil
}

// percentile runs paced calls for a while, beside something if there is any.
func percentile(ctx context.Context, h *hapta, long time.Duration, disturb func(context.Context)) (time.Duration, error) {
	ctx, stop := context.WithTimeout(ctx, long)
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	if disturb != nil {
		all.Go(func() { disturb(ctx) })
	}
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

// ratio is of the same rounds.
func (b *beside) ratio() ratio {
	ratios := make([]float64, len(b.both))
	for i := range ratios {
		ratios[i] = float64(b.both[i]) / float64(b.alone[i])
	}
	slices.Sort(ratios)
	return ratio{ratios[0], middle(ratios), ratios[len(ratios)-1]}
}

func reportBeside(w io.Writer, rows []*beside) {
	worst := slices.SortedFunc(slices.Values(rows), func(a, b *beside) int { return cmp.Compare(b.ratio().median, a.ratio().median) })
	fmt.Fprintf(w, "%-36s  %9s  %9s  %s\n", "beside", "alone", "p99", "ratio")
	for _, b := range worst {
		fmt.Fprintf(w, "%-36s  %9s  %9s  %s\n", b.name, median(b.alone), median(b.both), b.ratio())
	}
	fmt.Fprintln(w, "\ntargets")
	within := func(b *beside, what string) {
		r := b.ratio()
		target(w, "p99 beside "+what, "at most", r, 2, 4, r.median <= 2, r.median <= 4)
	}
	for _, b := range rows {
		if b.name == "loop" {
			within(b, "one that spins, to alone")
		}
	}
	within(worst[0], "the worst, "+worst[0].name)
}

func median(d []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(d))[len(d)/2].Round(time.Microsecond)
}
