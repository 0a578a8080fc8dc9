package wasm

import (
	"context"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// FuzzInspect gives Inspect any bytes. What it accepts, the engine must accept
// too, as it is and rewritten.
func FuzzInspect(f *testing.F) {
	for _, language := range samples {
		f.Add(sample(f, language))
	}
	for _, make := range endless() {
		b, _ := make()
		f.Add(b.bytes())
	}
	f.Add(generate([]byte("a few statements, some of them within others")))
	f.Add([]byte(header))
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, module []byte) {
		m, err := Inspect(module, DefaultLimits())
		if err != nil {
			return
		}
		out, _, err := m.Instrument(Options{})
		if err != nil {
			t.Fatalf("not instrumented: %v", err)
		}
		if len(m.customs) > 0 {
			// The engine makes room for as many names as a name section
			// announces and takes an empty section at the end for damage;
			// rewritten modules have neither.
			module = out
		}
		config := wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(api.CoreFeaturesV2)
		rt := wazero.NewRuntimeWithConfig(ctx, config)
		defer rt.Close(ctx)
		if _, err := rt.CompileModule(ctx, module); err != nil {
			t.Fatalf("accepted, but the engine says: %v", err)
		}
		if _, err := rt.CompileModule(ctx, out); err != nil {
			t.Fatalf("rewritten into what the engine refuses: %v", err)
		}
		again, err := Inspect(out, DefaultLimits())
		if err == nil {
			t.Fatalf("the rewritten module, with its reserved names, is accepted again: %v", again.Exports())
		}
	})
}

// FuzzInstrument makes a valid module of any bytes and runs it as it was and
// rewritten.
func FuzzInstrument(f *testing.F) {
	f.Add([]byte("a few statements, some of them within others"))
	f.Add([]byte{4, 8, 4, 10, 0, 8, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17})
	f.Fuzz(func(t *testing.T, seed []byte) {
		if len(seed) > 400 {
			return
		}
		compare(t, generate(seed), 5_000)
	})
}
