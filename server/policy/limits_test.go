package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hapta/hapta/abi"
)

func TestWorkIsBounded(t *testing.T) {
	onBoth(t, func(t *testing.T, e *Engine) {
		f := func(name, stored, code, detail string, body func(p *program) ops) {
			t.Helper()
			t.Run(name, func(t *testing.T) {
				p := load(t, e, recording(body))
				_, err := p.Record(t.Context(), view(t, stored))
				wantFault(t, err, code, detail)
			})
		}
		forever := func(body ...ops) ops { return loop(seq(body...), again()) }
		f("a loop", `{}`, abi.FaultOutOfFuel, "1000000 units", func(*program) ops { return forever() })
		f("a loop of host calls", `{}`, abi.FaultOutOfFuel, "", func(*program) ops { return forever(i32(0), host("kind"), drop()) })
		f("a loop of fills", `{}`, abi.FaultOutOfFuel, "", func(*program) ops {
			return forever(i32(0), i32(0), i32(65536), op(0xfc, 11, 0))
		})
		long := `{"t":"` + strings.Repeat("a", 200_000) + `"}`
		f("a loop over a long text", long, abi.FaultOutOfFuel, "", func(p *program) ops {
			return forever(p.field(abi.RootStored, "t"), host("size"), drop())
		})
		f("a dear pattern", long, abi.FaultOutOfFuel, "", func(p *program) ops {
			return seq(p.field(abi.RootStored, "t"), p.text("*"+strings.Repeat("a", 2000)+"b"), host("glob"), drop())
		})
		wide := strings.Builder{}
		for i := range 3000 {
			fmt.Fprintf(&wide, `,"k%d":1`, i)
		}
		f("a wide object compared with itself", `{`+wide.String()[1:]+`}`, abi.FaultOutOfFuel, "", func(*program) ops {
			return seq(i32(6), host("root"), setLocal(2), local(2), local(2), host("equals"), drop())
		})
		f("deep recursion", `{}`, abi.FaultTrapped, "too deeply", func(*program) ops {
			return seq(local(0), local(1), ownFunction(1)) // hapta_record is the second by name
		})
		f("memory", `{}`, abi.FaultOutOfMemory, "1048576 bytes", func(*program) ops {
			return forever(grow(1), i32(-1), same(), when(unreachable()))
		})
		f("memory at once", `{}`, abi.FaultOutOfMemory, "", func(*program) ops {
			return seq(grow(16), i32(-1), same(), when(unreachable()))
		})
		f("an address outside memory", `{}`, abi.FaultTrapped, "out of bounds", func(*program) ops { return seq(load32(-8), drop()) })
	})
}

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
	wantFault(t, f(100), abi.FaultInvalid, "more than 256 comparisons")
}

func TestInternsAreBounded(t *testing.T) {
	f := func(want string, body func(p *program) ops) {
		t.Helper()
		p := recording(func(p *program) ops { return p.allow() })
		p.exports["hapta_init"] = body(p)
		_, err := NewEngine(Limits{Fuel: 10_000_000, MemoryBytes: 1 << 20}).Load(t.Context(), "test", p.build())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("the error is %v; want %q", err, want)
		}
	}
	f("policy test: its init failed: policy_invalid: name: a name has 1 to 255 bytes, not 0", func(*program) ops { return seq(i32(0), i32(0), host("name"), drop()) })
	f("not 256", func(p *program) ops {
		return seq(i32(p.place([]byte(strings.Repeat("n", 256)))), i32(256), host("name"), drop())
	})
	f("more than 4096 names", func(p *program) ops {
		at, digits := p.place([]byte("0000")), ops{}
		for n := range 4 { // of local 2, four bits each
			digits = append(digits, seq(i32(at+n), local(2), i32(4*n), op(0x76), i32(15), op(0x71), i32('A'), add(), op(0x3a, 0, 0))...)
		}
		return loop(digits, i32(at), i32(4), host("name"), drop(), local(2), i32(1), add(), setLocal(2), again())
	})
	f(`the manifest does not name the code "unheard"`, func(p *program) ops { return seq(p.text("unheard"), host("code"), drop()) })
	f("root: it may not be called in the phase init", func(*program) ops { return seq(i32(1), host("root"), drop()) })
	f("verdict: it may not be called in the phase init", func(p *program) ops { return p.allow() })
	f("policy_out_of_fuel", func(*program) ops { return loop(again()) })
	f("policy_trapped", func(*program) ops { return unreachable() })
	f("1 is not the id of a name", func(p *program) ops {
		return seq(i32(p.place([]byte{1, 0, 0, 0})), i32(1), host("name_set"), drop())
	})
	f("a set has at most 4096 names", func(*program) ops { return seq(i32(0), i32(-1), host("name_set"), drop()) })
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
