package policy

import (
	"os"
	"path/filepath"
	"testing"
)

// The policies of the tree come out of the SDKs; what these emit has to load.
func TestPoliciesOfTheTreeLoad(t *testing.T) {
	files, err := filepath.Glob("../../policies/*.wasm")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no policies: %v", err)
	}
	onBoth(t, func(t *testing.T, e *Engine) {
		for _, file := range files {
			module, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := e.Load(t.Context(), filepath.Base(file), module)
			if err != nil {
				t.Error(err)
				continue
			}
			t.Logf("%s: version %s, %d bytes of memory", p.Name(), p.Version(), len(p.snapshot.memory))
			p.Retire()
		}
	})
}
