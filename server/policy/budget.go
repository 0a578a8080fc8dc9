package policy

// budgetCalls is how many calls that each spend all of their fuel one request
// may make. A page of a thousand records takes ten calls, and one by one, after
// one that trapped, a thousand of which each does little.
const budgetCalls = 16

// Budget bounds the work of all calls that one request makes, of whatever
// policies. Its zero value has not been used. It serves one call at a time.
type Budget struct {
	used int64 // by calls
	made int64 // by instances that had to be made for them
}

// grant is the fuel that a call may have, 0 when all is used up.
func (b *Budget) grant(l Limits) int64 {
	if b == nil {
		return l.Fuel
	}
	return max(0, min(l.Fuel, budgetCalls*l.Fuel-b.used-b.made))
}

func (b *Budget) spend(fuel int64) {
	if b != nil {
		b.used += fuel
	}
}

// Exhausts tells whether nothing is left of a budget for further calls of the
// policy. What it was to judge since has failed.
func (p *Policy) Exhausts(b *Budget) bool { return b.grant(p.limits) == 0 }

// spendOnMaking keeps a policy that traps in every call from having its init run
// for nothing.
func (b *Budget) spendOnMaking(fuel int64) {
	if b != nil {
		b.made += fuel
	}
}
