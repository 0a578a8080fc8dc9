package policy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/tetratelabs/wazero"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/filter"
)

// Policy is one version of one module. It is safe for concurrent use between
// Acquire and Release, or by its owner until Retire.
type Policy struct {
	name, version string
	manifest      *Manifest
	limits        Limits
	log           func(policy, line string)

	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	cache    wazero.CompilationCache // nil when compiled in place
	code     *prepared
	interned *interned
	snapshot []byte // the memory that init leaves and every call begins with
	pool     *pool
	memo     memo

	asksForWithheld atomic.Bool
	users           atomic.Int64 // the owner is one of them
}

// Name is the name under which the policy was loaded.
func (p *Policy) Name() string { return p.name }

// Version is the first 12 hexadecimal digits of the module's SHA-256.
func (p *Policy) Version() string { return p.version }

// Manifest is what the policy declares. It must not be changed.
func (p *Policy) Manifest() *Manifest { return p.manifest }

// Handles reports whether the policy is to be asked about the operation.
func (p *Policy) Handles(o abi.Operation) bool { return slices.Contains(p.manifest.Operations, o) }

// Acquire keeps the policy from being closed until Release. It reports false
// when it is closed already: then a newer version is to be looked up.
func (p *Policy) Acquire() bool {
	for {
		users := p.users.Load()
		if users == 0 {
			return false
		}
		if p.users.CompareAndSwap(users, users+1) {
			return true
		}
	}
}

// Release ends what Acquire began. The last one closes the policy.
func (p *Policy) Release() {
	if p.users.Add(-1) == 0 {
		p.close()
	}
}

// Retire drops the owner's share, once: users that hold the policy finish with
// it, and then it is closed.
func (p *Policy) Retire() { p.Release() }

func (p *Policy) close() {
	p.pool.close()
	if p.runtime != nil {
		_ = p.runtime.Close(context.Background()) // closes modules that have nothing that could fail
	}
	if p.cache != nil {
		_ = p.cache.Close(context.Background()) // the native code, likewise
	}
}

// Filter decides a list before it is fetched. The node is what the list is to
// be narrowed by; nil when it is not. The error is a *Fault, or the context's.
func (p *Policy) Filter(ctx context.Context, in *Input) (Decision, *filter.Node, error) {
	return p.decide(ctx, abi.PhaseFilter, in)
}

// Before judges a write before it is made. The error is a *Fault, or the context's.
func (p *Policy) Before(ctx context.Context, in *Input) (Decision, error) {
	d, _, err := p.decide(ctx, abi.PhaseBefore, in)
	return d, err
}

// Record judges one record that leaves. The error is a *Fault, or the context's.
func (p *Policy) Record(ctx context.Context, in *Input) (Decision, error) {
	d, _, err := p.decide(ctx, abi.PhaseRecord, in)
	return d, err
}

// decide makes a call that ends in one decision. In case of an error that is a
// refusal.
func (p *Policy) decide(ctx context.Context, phase abi.Phase, in *Input) (Decision, *filter.Node, error) {
	d, n, ok, learn, err := p.recall(phase, in)
	if err != nil {
		return refusal(err), nil, err
	}
	if ok {
		return d, n, nil
	}
	i, err := p.call(ctx, phase, in, nil, learn)
	if err != nil {
		return refusal(err), nil, err
	}
	defer p.finish(i)
	if d, err = i.call.decision(0); err != nil {
		return refusal(err), nil, err
	}
	if i.call.learned != nil {
		p.memo.learn(i.call.learned, d)
	}
	d, n = i.call.allowed(d)
	return d, n, nil
}

// allowed adds to a decision what it has of effects and of a filter, if it allows.
func (c *call) allowed(d Decision) (Decision, *filter.Node) {
	if d.Verdict != abi.VerdictAllow {
		return d, nil
	}
	if len(c.effects) > 0 {
		d.Effects = slices.Clone(c.effects)
	}
	return d, c.narrowed.filter
}

// refusal is the decision when there was none.
func refusal(err error) Decision {
	d := Decision{Verdict: abi.VerdictRefuse, Status: http.StatusForbidden, Err: err}
	var fault *Fault
	if errors.As(err, &fault) {
		d.Code, d.Fuel = fault.Code, fault.Fuel
	}
	return d
}

// call makes one call on an instance of the pool. What was decided is in the
// instance's call until finish takes it back; after an error there is none.
func (p *Policy) call(ctx context.Context, phase abi.Phase, in *Input, records []Record, learn bool) (*instance, error) {
	if !p.Handles(in.Operation) || !in.Operation.Phases().Has(phase) {
		return nil, p.fault(abi.FaultInvalid, fmt.Sprintf("the policy does not handle %s in the phase %s", in.Operation, phase))
	}
	if in.Budget.grant(p.limits) == 0 {
		return nil, p.fault(abi.FaultOutOfFuel, fmt.Sprintf("the request has used the fuel of %d calls", budgetCalls))
	}
	i, err := p.pool.get(ctx, p.newInstance)
	if err != nil {
		return nil, err
	}
	i.call.begin(phase, in, records, max(1, len(records)))
	if learn {
		i.call.learned = p.memo.lesson(phase, in)
	}
	i.stack = [3]uint64{uint64(in.Operation), uint64(in.Reason), uint64(len(records))}
	if err := i.run(phase); err != nil {
		i.close() // a trap leaves half-made state
		p.pool.put(nil)
		return nil, err
	}
	return i, nil
}

// finish makes the instance fresh for the next call.
func (p *Policy) finish(i *instance) {
	i.call.end()
	if !i.reset() {
		i.close()
		i = nil
	}
	p.pool.put(i)
}

// decision is what was decided of the call or of one record of the page.
func (c *call) decision(index int) (Decision, error) {
	o := &c.outcomes[index]
	p := c.policy
	if o.verdict == 0 {
		fault := p.fault(abi.FaultInvalid, fmt.Sprintf("%s ended without a verdict", c.phase))
		fault.Fuel = c.used
		return Decision{}, fault
	}
	d := Decision{Verdict: o.verdict, Message: o.message, Status: o.status, Fuel: c.used}
	if o.code > 0 {
		d.Code = p.interned.codes[o.code-1]
	}
	if o.verdict == abi.VerdictAllow && len(o.masks) > 0 {
		d.Masks = slices.Clone(o.masks)
	}
	return d, nil
}
