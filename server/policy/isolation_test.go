package policy

import (
	"testing"

	"github.com/hapta/hapta/abi"
)

// Each of these programs tries to remember that it was called before, and
// refuses if it does.
func TestCallsLeaveNothingBehind(t *testing.T) {
	onBoth(t, func(t *testing.T, e *Engine) {
		f := func(name string, p *program) {
			t.Helper()
			t.Run(name, func(t *testing.T) {
				policy := load(t, e, p)
				for n := range 3 {
					d, err := policy.Record(t.Context(), view(t, `{}`))
					if err != nil {
						t.Fatal(err)
					}
					if d.Verdict != abi.VerdictAllow {
						t.Fatalf("call %d saw what another one left", n+1)
					}
				}
			})
		}
		once := func(p *program, marked, mark ops) ops {
			return seq(marked, when(p.refuse("failed", ""), leave()), mark, p.allow())
		}
		f("memory", recording(func(p *program) ops { return once(p, load32(32000), store(32000, i32(1))) }))
		f("memory that init wrote", func() *program {
			p := recording(func(p *program) ops {
				return once(p, seq(load32(32000), i32(5), op(0x47)), store(32000, i32(6)))
			})
			p.exports["hapta_init"] = store(32000, i32(5))
			return p
		}())
		f("memory by bulk instructions", recording(func(p *program) ops {
			return once(p, load32(32000), seq(i32(32000), i32(255), i32(64), op(0xfc, 11, 0)))
		}))
		f("memory by the host's hand", recording(func(p *program) ops {
			return once(p, load32(32000), seq(p.field(abi.RootStored, "none"), drop(),
				i32(int(abi.RootStored)), host("root"), i32(0), host("key"), i32(32000), i32(64), host("read"), drop(), store(32000, i32(1))))
		}))
		for _, exported := range []bool{false, true} {
			p := recording(func(p *program) ops {
				return once(p, seq(global(1), i32(7), op(0x47)), seq(i32(8), setGlobal(1)))
			})
			p.globals, p.exported = 2, exported
			f(map[bool]string{false: "a global", true: "an exported global"}[exported], p)
		}
		f("grown memory", recording(func(p *program) ops {
			return once(p, seq(op(0x3f, 0), i32(1), op(0x47)), seq(grow(1), drop()))
		}))
		f("what is in grown memory", recording(func(p *program) ops {
			return seq(grow(1), drop(), once(p, load32(70000), store(70000, i32(1))))
		}))
		f("that it was refused memory", recording(func(p *program) ops {
			return seq(grow(20), drop(), p.allow())
		}))
	})
}

// A trap in the middle leaves half-made state; the instance must not serve again.
func TestTrappedInstanceIsThrownAway(t *testing.T) {
	onBoth(t, func(t *testing.T, e *Engine) {
		p := load(t, e, recording(func(p *program) ops {
			return seq(load32(32000), when(p.refuse("failed", ""), leave()), store(32000, i32(1)),
				p.field(abi.RootStored, "trap"), when(unreachable()), p.allow())
		}))
		for range 3 {
			_, err := p.Record(t.Context(), view(t, `{"trap":true}`))
			wantFault(t, err, abi.FaultTrapped, "unreachable")
			if len(p.pool.idle) != 0 {
				t.Fatal("the trapped instance went back to the pool")
			}
			if d, err := p.Record(t.Context(), view(t, `{}`)); err != nil || d.Verdict != abi.VerdictAllow {
				t.Fatalf("after a trap: %+v, %v", d, err)
			}
		}
	})
}

func TestHandlesDoNotOutliveTheirCall(t *testing.T) {
	p := load(t, anew(), recording(func(p *program) ops {
		return seq(p.field(abi.RootStored, "use"), when(i32(2), host("kind"), drop(), p.allow(), leave()),
			p.field(abi.RootStored, "make"), drop(), p.allow())
	}))
	if _, err := p.Record(t.Context(), view(t, `{"make":1}`)); err != nil {
		t.Fatal(err)
	}
	if d, err := p.Record(t.Context(), view(t, `{"use":1}`)); err != nil || d.Verdict != abi.VerdictAllow {
		t.Fatalf("handle 2 is this call's own field: %+v, %v", d, err)
	}
	p = load(t, anew(), recording(func(p *program) ops {
		return seq(p.field(abi.RootStored, "use"), op(0x45), when(p.field(abi.RootStored, "a"), drop(), p.allow(), leave()),
			i32(3), host("kind"), drop(), p.allow())
	}))
	if _, err := p.Record(t.Context(), view(t, `{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	_, err := p.Record(t.Context(), view(t, `{"use":1}`))
	wantFault(t, err, abi.FaultInvalid, "handle 3")
}

func TestCallLetsGoOfTheRequest(t *testing.T) {
	p := load(t, anew(), recording(func(p *program) ops {
		return seq(p.field(abi.RootStored, "a"), drop(), p.allow())
	}))
	if _, err := p.Record(t.Context(), view(t, `{"a":"secret"}`)); err != nil {
		t.Fatal(err)
	}
	c := &p.pool.idle[0].call
	if c.input != nil || c.records != nil {
		t.Fatal("the call keeps its input")
	}
	for _, v := range c.values[:cap(c.values)] {
		if v.json != nil || v.text != "" || v.record != nil {
			t.Fatalf("the call keeps %+v", v)
		}
	}
}
