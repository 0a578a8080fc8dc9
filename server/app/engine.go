package app

import (
	"fmt"
	"os"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/policy/compile"
)

// newEngine makes the engine that the configuration asks for, which keeps
// compiled modules in a folder.
func newEngine(c *config.Config, compiled string) (*policy.Engine, error) {
	cache, err := compile.Open(compiled)
	if err != nil {
		return nil, err
	}
	engine := policy.NewEngine(policy.Limits{Fuel: c.Policies.MaxFuel, MemoryBytes: uint32(min(c.Policies.MaxMemory, 1<<30))})
	engine.CompileBy(cache)
	return engine, nil
}

// passingEngine makes one for a command that leaves nothing behind: what it
// has compiled is removed by remove.
func passingEngine(c *config.Config) (engine *policy.Engine, remove func(), err error) {
	compiled, err := os.MkdirTemp("", "hapta-policies-")
	if err != nil {
		return nil, nil, fmt.Errorf("policies cannot be compiled: %w", err)
	}
	remove = func() { _ = os.RemoveAll(compiled) }
	engine, err = newEngine(c, compiled)
	if err != nil {
		remove()
	}
	return engine, remove, err
}
