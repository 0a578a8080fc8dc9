package main

import (
	"slices"
	"testing"
)

func TestEnginesJudgeAlike(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.label, func(t *testing.T) {
			if err := check(e.engine); err != nil {
				t.Error(err)
			}
		})
	}
}

// What is private is masked for all but its owner, and for nobody without need.
func TestPageByHand(t *testing.T) {
	for caller, others := range map[string]int{ann: 49, bob: 50, "": 50} {
		masked, err := maskedFor(&byHand{}, caller)
		if err != nil {
			t.Fatal(err)
		}
		masked = slices.DeleteFunc(masked, func(m []string) bool { return !slices.Equal(m, []string{"followers", "bio"}) })
		if len(masked) != others {
			t.Errorf("%d records are masked for %q, not %d", len(masked), caller, others)
		}
	}
}

// The benchmarks are for profiles: go test -bench Update/Hapta -cpuprofile cpu.out

func BenchmarkUpdate(b *testing.B) { benchmark(b, updateRows(engines(b))) }

func BenchmarkPage(b *testing.B) { benchmark(b, pageRows(engines(b))) }

func benchmark(b *testing.B, rows []*row) {
	for _, r := range rows {
		b.Run(r.label, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := r.call(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func engines(t testing.TB) []labelled {
	list, err := allEngines(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}
