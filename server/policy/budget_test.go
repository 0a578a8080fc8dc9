package policy

import (
	"testing"

	"github.com/hapta/hapta/abi"
)

// One request cannot buy more than sixteen calls' work, however it is split.
func TestARequestHasABudget(t *testing.T) {
	onBoth(t, func(t *testing.T, e *Engine) {
		p := load(t, e, recording(func(p *program) ops {
			return seq(p.field(abi.RootStored, "spin"), when(loop(again())), p.allow())
		}))
		var budget Budget
		calm, spin := view(t, `{}`), view(t, `{"spin":true}`)
		calm.Budget, spin.Budget = &budget, &budget
		if p.Exhausts(&budget) || p.Exhausts(nil) {
			t.Error("a fresh budget is exhausted")
		}
		for range budgetCalls {
			if d, err := p.Record(t.Context(), calm); err != nil || d.Fuel <= 0 || d.Fuel > 1000 {
				t.Fatalf("a call that does little used %d units: %v", d.Fuel, err)
			}
		}
		for n := 0; ; n++ {
			d, err := p.Record(t.Context(), spin)
			wantFault(t, err, abi.FaultOutOfFuel, "fuel")
			if d.Fuel == 0 {
				wantFault(t, err, abi.FaultOutOfFuel, "the request has used the fuel of 16 calls")
				if n != budgetCalls {
					t.Errorf("%d calls spent their fuel, %d were to", n, budgetCalls)
				}
				break
			}
		}
		if !p.Exhausts(&budget) {
			t.Error("a budget that is used up is not exhausted")
		}
		_, err := p.Record(t.Context(), calm)
		wantFault(t, err, abi.FaultOutOfFuel, "the request has used")
		calm.Budget = new(Budget)
		if _, err := p.Record(t.Context(), calm); err != nil {
			t.Errorf("another request: %v", err)
		}
	})
}

// Nor can it have instances made for nothing: a call that traps loses its own, and
// the next one needs init to be run again.
func TestMakingInstancesIsPaidFor(t *testing.T) {
	onBoth(t, func(t *testing.T, e *Engine) {
		made := 0
		e.OnLog(func(string, string) { made++ })
		program := recording(func(*program) ops { return unreachable() })
		program.exports["hapta_init"] = seq(i32(0), i32(0), host("log"), times(120_000)) // most of the fuel
		p := load(t, e, program)
		in, calls := view(t, `{}`), 0
		in.Budget = new(Budget)
		for ; calls < 1000; calls++ {
			if d, err := p.Record(t.Context(), in); d.Code != abi.FaultTrapped {
				wantFault(t, err, abi.FaultOutOfFuel, "the request has used")
				break
			}
		}
		if before := made; before > 2*budgetCalls || calls > 2*budgetCalls {
			t.Errorf("%d instances were made in %d calls of one request", before, calls)
		} else if _, err := p.Record(t.Context(), in); err == nil || made > before {
			t.Errorf("a request without budget still has instances made: %v", err)
		}
	})
}
