package policy

import (
	"testing"

	"github.com/hapta/hapta/abi"
)

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
