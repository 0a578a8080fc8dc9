package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hapta/hapta/abi"
)

func TestHandlesAreBounded(t *testing.T) {
	e := NewEngine(Limits{Fuel: 100_000_000, MemoryBytes: 1 << 20})
	e.Forget()
	p := load(t, e, recording(func(p *program) ops {
		return seq(i32(6), host("root"), setLocal(2), loop(local(2), p.name("a"), host("get"), drop(), again()))
	}))
	_, err := p.Record(t.Context(), view(t, `{"a":1}`))
	wantFault(t, err, abi.FaultInvalid, "more than 65536 handles")
}

func TestEveryDeclaredFieldCanBeWritten(t *testing.T) {
	var names []string
	for i := range abi.MaxEffects {
		names = append(names, fmt.Sprintf("f%d", i))
	}
	p := &program{manifest: manifestOf("create", `"writes":["`+strings.Join(names, `","`)+`"]`)}
	var body ops
	for _, name := range names {
		body = append(body, seq(p.name(name), host("set_null"))...)
	}
	p.exports = map[string]ops{"hapta_before": append(body, p.allow()...)}
	d, err := load(t, anew(), p).Before(t.Context(), &Input{Operation: abi.OperationCreate})
	if err != nil || len(d.Effects) != abi.MaxEffects {
		t.Fatalf("%d effects, %v", len(d.Effects), err)
	}
}

func TestConditionsAreBounded(t *testing.T) {
	f := func(doublings int) error {
		t.Helper()
		p := &program{manifest: manifestOf("list")}
		body := seq(p.name("a"), i32(1), host("where_null"), setLocal(2))
		for range doublings { // shared nodes: each one doubles the filter
			body = append(body, seq(local(2), local(2), host("all_of"), setLocal(2))...)
		}
		p.exports = map[string]ops{"hapta_filter": seq(body, local(2), host("narrow"), p.allow())}
		_, _, err := load(t, anew(), p).Filter(t.Context(), &Input{Operation: abi.OperationList})
		return err
	}
	if err := f(8); err != nil {
		t.Fatal(err)
	}
	wantFault(t, f(9), abi.FaultInvalid, "more than 256 comparisons")
}

// A policy may ask for less than the engine gives, and gets no more by asking.
func TestManifestNarrowsLimits(t *testing.T) {
	grows := func(pages int) func(p *program) ops {
		return func(p *program) ops {
			return seq(grow(pages), i32(-1), op(0x46), when(unreachable()), p.allow())
		}
	}
	onBoth(t, func(t *testing.T, e *Engine) {
		f := func(member string, body func(p *program) ops, code, detail string) {
			t.Helper()
			p := recording(body)
			p.manifest = manifestOf("view", member)
			_, err := load(t, e, p).Record(t.Context(), view(t, `{}`))
			if code != "" {
				wantFault(t, err, code, detail)
			} else if err != nil {
				t.Error(err)
			}
		}
		spins := func(p *program) ops { return loop(again()) }
		f(`"fuel":5000`, spins, abi.FaultOutOfFuel, "5000 units")
		f(`"fuel":90000000`, spins, abi.FaultOutOfFuel, "1000000 units")
		f(`"memory":131072`, grows(1), "", "")
		f(`"memory":131072`, grows(2), abi.FaultOutOfMemory, "131072 bytes")
		f(`"memory":90000000`, grows(20), abi.FaultOutOfMemory, "1048576 bytes")
	})
	p := recording(func(p *program) ops { return p.allow() })
	p.manifest, p.memory = manifestOf("view", `"memory":65536`), [2]uint32{2, 0}
	_, err := anew().Load(t.Context(), "test", p.build())
	if err == nil || !strings.Contains(err.Error(), "its memory begins with 131072 bytes, and its manifest asks for 65536 at most") {
		t.Error(err)
	}
}
