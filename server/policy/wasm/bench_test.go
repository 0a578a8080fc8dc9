package wasm

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// BenchmarkBound measures what the bound costs: the same function of the same
// module, rewritten without and with charges, in turns. Each line gives the
// shortest time with, and as "ratio" how many times the shortest without that
// is: other work on the machine can only add.
func BenchmarkBound(b *testing.B) {
	work := map[string]uint64{"words": 30, "sorted": 100, "dispatch": 300, "recurse": 12, "parse": 1234, "hash": 1000}
	for _, language := range samples {
		for f, n := range work {
			b.Run(fmt.Sprintf("%s/%s", language, f), func(b *testing.B) {
				rt := withAbort(b, newRuntime(b, "compiler"))
				plain := ready(b, rt, sample(b, language), Options{Unbounded: true}, f)
				bounded := ready(b, rt, sample(b, language), Options{}, f)
				without, with := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
				const turn = 64
				for left := b.N; left > 0; left -= turn {
					without = min(without, plain(turn, n))
					with = min(with, bounded(turn, n))
				}
				b.ReportMetric(float64(with)/turn, "ns/call")
				b.ReportMetric(float64(with)/float64(without), "ratio")
				b.ReportMetric(0, "ns/op") // would add both
			})
		}
	}
}

// ready returns a function that makes calls and tells how long they took.
func ready(b *testing.B, rt wazero.Runtime, module []byte, opt Options, name string) func(calls int, arg uint64) time.Duration {
	b.Helper()
	out, names, err := inspect(b, module).Instrument(opt)
	if err != nil {
		b.Fatal(err)
	}
	i := instantiate(b, rt, out, names)
	if i.ExportedFunction("init") != nil {
		i.call(1<<40, "init")
	}
	fuel := i.ExportedGlobal(names.Fuel).(api.MutableGlobal)
	f := i.ExportedFunction(name)
	stack := make([]uint64, 4)
	return func(calls int, arg uint64) time.Duration {
		start := time.Now()
		for range calls {
			fuel.Set(1 << 40)
			stack[0] = arg
			if err := f.CallWithStack(context.Background(), stack); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start)
	}
}
