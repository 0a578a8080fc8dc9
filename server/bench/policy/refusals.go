package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/hapta/hapta/server/policy"
)

// refusals loads modules that are refused, and notes how long the longest took.
type refusals struct {
	engine  *policy.Engine
	modules []*hostile
	next    int
	took    map[string]time.Duration // the least, by name
}

func (r *refusals) loadAll(ctx context.Context) {
	for ; ctx.Err() == nil; r.next++ {
		h := r.modules[r.next%len(r.modules)]
		start := time.Now()
		r.load(ctx, h)
		if took, before := time.Since(start), r.took[h.name]; before == 0 || took < before {
			r.took[h.name] = took
		}
	}
}

func (r *refusals) load(ctx context.Context, h *hostile) {
	if p, err := r.engine.Load(ctx, h.name, h.module); err == nil {
		p.Retire()
	}
}

func (r *refusals) report(w io.Writer) {
	longest := ""
	for name, took := range r.took {
		if took > r.took[longest] {
			longest = name
		}
	}
	fmt.Fprintf(w, "  of those that are refused, %s takes longest: %s\n", longest, r.took[longest].Round(time.Microsecond))
}
