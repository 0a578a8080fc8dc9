package policy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"

	"github.com/hapta/hapta/server/policy/compile"
	"github.com/hapta/hapta/server/policy/wasm"
)

// Limits bound every call of every policy.
type Limits struct {
	Fuel        int64  // units of work; a million is about a millisecond
	MemoryBytes uint32 // of one instance; whole pages of 64 KiB count
}

// Engine loads policies.
type Engine struct {
	limits   Limits
	log      func(policy, line string)
	config   func() wazero.RuntimeConfig
	compiled *compile.Cache // nil: modules are compiled in place
	forgets  bool
	unbound  bool
}

// NewEngine makes an engine whose policies all have these limits.
func NewEngine(l Limits) *Engine { return &Engine{limits: l, config: compile.Config} }

// CompileBy has modules compiled outside this process, as a server must, to
// whom they come from others. It is to be called before the first Load.
func (e *Engine) CompileBy(c *compile.Cache) { e.compiled = c }

// OnLog has f told the lines that policies log. It is to be called before the
// first Load; f may be called by several goroutines and holds up the policy.
func (e *Engine) OnLog(f func(policy, line string)) { e.log = f }

// LoadError says why a module was not loaded. It is written for the policy's
// author and for the operator.
type LoadError struct {
	Policy string
	Err    error
}

func (e *LoadError) Error() string { return fmt.Sprintf("policy %s: %v", e.Policy, e.Err) }

func (e *LoadError) Unwrap() error { return e.Err }

// Load validates a module, compiles it and runs its init once. The bytes are
// not kept. The error is a *LoadError, or the context's.
func (e *Engine) Load(ctx context.Context, name string, module []byte) (*Policy, error) {
	c, err := prepare(module, e.limits, wasm.Options{Unbounded: e.unbound})
	if err != nil {
		return nil, &LoadError{name, err}
	}
	sum := sha256.Sum256(module)
	p := &Policy{
		name: name, version: hex.EncodeToString(sum[:6]), manifest: c.manifest, limits: c.manifest.within(e.limits), log: e.log, code: c,
		interned: &interned{nameID: map[string]uint32{}}, pool: newPool(),
	}
	p.memo.off = e.forgets
	p.users.Store(1)
	err = e.compile(ctx, p)
	if err == nil {
		err = p.warm(ctx)
	}
	if err != nil {
		p.close()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, &LoadError{name, err}
	}
	return p, nil
}

// compile gives the policy a runtime of its own: what one keeps of the modules
// that it has seen only goes with it.
func (e *Engine) compile(ctx context.Context, p *Policy) error {
	config := e.config()
	if e.compiled != nil {
		cache, err := e.compiled.Compiled(ctx, p.code.bytes)
		if err != nil {
			return err
		}
		p.cache = cache
		config = config.WithCompilationCache(cache)
	}
	p.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	var err error
	if p.compiled, err = p.runtime.CompileModule(ctx, p.code.bytes); err != nil {
		return fmt.Errorf("it does not compile: %w", err)
	}
	p.code.bytes = nil
	return nil
}

// warm makes the first instance, so that what init does wrong is known now.
func (p *Policy) warm(ctx context.Context) error {
	if err := instantiateHost(ctx, p.runtime, p.code.imports, p.code.abort); err != nil {
		return err
	}
	i, err := p.pool.get(ctx, p.newInstance)
	var fault *Fault
	if errors.As(err, &fault) {
		return fmt.Errorf("its init failed: %s: %s", fault.Code, fault.Detail)
	}
	if err != nil {
		return err
	}
	i.making = 0 // no request pays for it
	p.pool.put(i)
	return nil
}
