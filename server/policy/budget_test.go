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
		_, err := p.Record(t.Context(), calm)
		wantFault(t, err, abi.FaultOutOfFuel, "the request has used")
		calm.Budget = new(Budget)
		if _, err := p.Record(t.Context(), calm); err != nil {
			t.Errorf("another request: %v", err)
		}
	})
}
