package policy

import (
	"bytes"
	"context"
	"errors"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy/wasm"
)

// instance is one instance of a policy's module with all that a call needs. It
// serves one call at a time.
type instance struct {
	policy  *Policy
	module  api.Module
	exports [abi.PhasePage + 1]api.Function
	context *callContext
	call    call
	stack   [3]uint64 // the most parameters that an export has
	making  int64     // fuel that it took to make, until it is paid for

	fuel, depth, refused   api.MutableGlobal
	writtenFrom, writtenTo api.MutableGlobal
	restore                api.Function
}

// newInstance instantiates the module and runs its init. The first instance of
// a policy also gives the snapshot, which the others then start from.
func (p *Policy) newInstance(ctx context.Context) (*instance, error) {
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	ctx = experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(reserve))
	module, err := p.runtime.InstantiateModule(ctx, p.compiled, config)
	if err != nil {
		return nil, p.fault(abi.FaultTrapped, err.Error())
	}
	i := &instance{policy: p, module: module}
	i.call.policy, i.call.instance, i.call.guest = p, i, module
	i.context = &callContext{context.Background(), &i.call}
	i.find()
	if err := i.init(); err != nil {
		i.close()
		return nil, err
	}
	i.making = i.call.used + int64(len(p.snapshot)/pageSize)*wasm.UnitsPerPage
	return i, nil
}

// find looks up what the module exports.
func (i *instance) find() {
	global := func(name string) api.MutableGlobal { return i.module.ExportedGlobal(name).(api.MutableGlobal) }
	c := &i.policy.code.counters
	i.fuel, i.depth, i.refused = global(c.Fuel), global(c.Depth), global(c.MemoryRefused)
	i.writtenFrom, i.writtenTo = global(c.WrittenFrom), global(c.WrittenTo)
	i.restore = i.module.ExportedFunction(c.Restore)
	for _, e := range abi.Exports {
		i.exports[e.Phase] = i.module.ExportedFunction(e.Name)
	}
}

func (i *instance) init() error {
	p := i.policy
	if i.exports[abi.PhaseInit] != nil {
		i.call.begin(abi.PhaseInit, &Input{}, nil, 0)
		err := i.run(abi.PhaseInit)
		i.call.end()
		if err != nil {
			return err
		}
	}
	if p.snapshot == nil {
		p.snapshot = bytes.Clone(i.memory())
		p.interned.sealed = true
	}
	if err := i.module.ExportedFunction(p.code.counters.Keep).CallWithStack(i.context, nil); err != nil {
		return i.fault(err)
	}
	if !i.reset() {
		return p.fault(abi.FaultInvalid, "init does not take the same memory each time")
	}
	return nil
}

// run calls the export of the phase with the parameters on the stack.
func (i *instance) run(phase abi.Phase) error {
	budget := i.call.input.Budget
	granted := budget.grant(i.policy.limits)
	i.fuel.Set(uint64(granted))
	err := i.exports[phase].CallWithStack(i.context, i.stack[:])
	i.call.used = granted - max(0, i.call.fuel())
	budget.spend(i.call.used)
	budget.spendOnMaking(i.making)
	i.making = 0
	if errors.Is(err, ErrWithheld) {
		i.policy.asksForWithheld.Store(true)
		return ErrWithheld
	}
	if err != nil {
		fault := i.fault(err)
		fault.Fuel = i.call.used
		return fault
	}
	return nil
}

func (i *instance) outOfFuel() bool     { return int64(i.fuel.Get()) < 0 }
func (i *instance) tooDeep() bool       { return api.DecodeI32(i.depth.Get()) < 0 }
func (i *instance) memoryRefused() bool { return i.refused.Get() != 0 }

// memory is all of it; the slice is good until the guest runs again.
func (i *instance) memory() []byte {
	m := i.module.Memory()
	b, _ := m.Read(0, m.Size())
	return b
}

// reset undoes all that a call wrote. It reports false if the instance cannot
// be used again, for memory that has grown does not shrink.
func (i *instance) reset() bool {
	snapshot, memory := i.policy.snapshot, i.memory()
	if len(memory) != len(snapshot) {
		return false
	}
	if from, to := i.written(len(memory)); from < to {
		copy(memory[from:to], snapshot[from:to])
	}
	return i.restore.CallWithStack(i.context, nil) == nil
}

// written is the part of memory outside which nothing has changed since the
// last reset.
func (i *instance) written(size int) (from, to int) {
	from = int(api.DecodeU32(i.writtenFrom.Get())) - wasm.WrittenMargin
	to = int(api.DecodeU32(i.writtenTo.Get())) + wasm.WrittenMargin
	return max(0, from), min(to, size)
}

// noteWritten adds what the host wrote, of at least one byte.
func (i *instance) noteWritten(ptr, size uint32) {
	i.writtenFrom.Set(uint64(min(api.DecodeU32(i.writtenFrom.Get()), ptr)))
	i.writtenTo.Set(uint64(max(api.DecodeU32(i.writtenTo.Get()), ptr+size-1)))
}

func (i *instance) close() {
	_ = i.module.Close(context.Background()) // nothing in it could fail to close
}
