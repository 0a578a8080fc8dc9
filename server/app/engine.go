package app

import (
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
