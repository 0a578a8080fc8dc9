package wasm

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tetratelabs/wazero"
)

// compare runs a module as it was and rewritten, on both engines. It reports
// whether the call ended by itself, so that there was something to compare.
func compare(t *testing.T, original []byte, fuel int64) (ended bool) {
	t.Helper()
	bounded, names := instrument(t, original)
	segments, segmentNames := yardstick(t, original, false)
	each, eachNames := yardstick(t, original, true)
	var first outcome
	for _, engine := range []string{"interpreter", "compiler"} {
		rt := wazero.NewRuntimeWithConfig(context.Background(), engines[engine].WithMemoryLimitPages(256))
		got := instantiate(t, rt, bounded, names).call(fuel, "f")
		if first.results == nil && first.err == "" {
			first = got
		}
		if got.fuel != first.fuel || got.err != first.err || got.depth != first.depth {
			t.Errorf("the engines differ: %+v and %+v", got, first)
		}
		if got.untracked > 0 {
			t.Errorf("%s: %d bytes changed unnoted", engine, got.untracked)
		}
		if got.left >= 0 && got.depth >= 0 {
			ended = true
			want := instantiate(t, rt, original, Instrumented{}).call(0, "f")
			if !slices.Equal(got.results, want.results) || got.err != want.err || got.memory != want.memory {
				t.Errorf("%s: rewritten: %+v, before: %+v", engine, got, want)
			}
			parts := instantiate(t, rt, segments, segmentNames).call(fuel, "f")
			least := instantiate(t, rt, each, eachNames).call(fuel, "f")
			if least.left < 0 || least.fuel > got.fuel || !slices.Equal(got.globals, least.globals) {
				t.Errorf("%s: charged %d, ran %d; globals %v and %v", engine, got.fuel, least.fuel, got.globals, least.globals)
			}
			if got.err == "" && parts.fuel != least.fuel {
				t.Errorf("%s: charged %d by segments and %d one by one", engine, parts.fuel, least.fuel)
			}
		}
		rt.Close(context.Background())
	}
	return ended
}

func TestRandomModulesBehaveAsBefore(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	ended := 0
	const rounds = 300
	for range rounds {
		seed := make([]byte, 20+random.IntN(400))
		for i := range seed {
			seed[i] = byte(random.Uint32())
		}
		if compare(t, generate(seed), 50_000) {
			ended++
		}
		if t.Failed() {
			t.Fatalf("seed %x", seed)
		}
	}
	if ended < rounds/3 {
		t.Errorf("only %d of %d modules ended by themselves; the generator is of little use", ended, rounds)
	}
	t.Logf("%d of %d ended by themselves", ended, rounds)
}
