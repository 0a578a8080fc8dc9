package wasm

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// samples are modules made by real compilers; see testdata/README.md.
var samples = []string{"rust", "assemblyscript"}

func sample(tb testing.TB, language string) []byte {
	tb.Helper()
	module, err := os.ReadFile("testdata/" + language + "/sample.wasm")
	if err != nil {
		tb.Fatal(err)
	}
	return module
}

// withAbort gives the runtime what AssemblyScript imports.
func withAbort(tb testing.TB, rt wazero.Runtime) wazero.Runtime {
	tb.Helper()
	_, err := rt.NewHostModuleBuilder("env").NewFunctionBuilder().
		WithGoFunction(api.GoFunc(func(context.Context, []uint64) { panic("abort") }),
			slices.Repeat([]api.ValueType{api.ValueTypeI32}, 4), nil).
		Export("abort").Instantiate(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	return rt
}

// A rewritten module must do what the original does, use the same fuel on both
// engines, and never more than a little above what it runs.
func TestSamplesBehaveAsBefore(t *testing.T) {
	for _, language := range samples {
		t.Run(language, func(t *testing.T) {
			original := sample(t, language)
			bounded, names := instrument(t, original)
			exact, exactNames := yardstick(t, original, true)
			used := map[string]int64{}
			for engine := range engines {
				rt := withAbort(t, newRuntime(t, engine))
				plain := instantiate(t, rt, original, Instrumented{})
				counted := instantiate(t, rt, bounded, names)
				precise := instantiate(t, rt, exact, exactNames)
				if plain.ExportedFunction("init") != nil {
					plain.call(0, "init")
					counted.call(1<<40, "init")
					precise.call(1<<40, "init")
				}
				for _, f := range []string{"words", "sorted", "dispatch", "recurse", "parse", "hash"} {
					for _, n := range []uint64{0, 1, 5, 100} {
						want := plain.call(0, f, n)
						got := counted.call(1<<40, f, n)
						if want.err != "" || !slices.Equal(got.results, want.results) || got.memory != want.memory || got.err != want.err {
							t.Fatalf("%s: %s(%d): %+v, want %+v", engine, f, n, got, want)
						}
						if got.untracked > 0 {
							t.Errorf("%s: %s(%d): %d bytes changed unnoted", engine, f, n, got.untracked)
						}
						least := precise.call(1<<40, f, n)
						if got.fuel < least.fuel || got.fuel > 3*least.fuel+100 {
							t.Errorf("%s: %s(%d): charged %d for %d units of work", engine, f, n, got.fuel, least.fuel)
						}
						if before, ok := used[f+string(rune(n))]; ok && before != got.fuel {
							t.Errorf("%s(%d): the engines differ in fuel: %d and %d", f, n, before, got.fuel)
						}
						used[f+string(rune(n))] = got.fuel
						if testing.Verbose() {
							t.Logf("%s %s(%d): charged %d for %d", engine, f, n, got.fuel, least.fuel)
						}
					}
				}
			}
			t.Logf("%d bytes became %d", len(original), len(bounded))
		})
	}
}
