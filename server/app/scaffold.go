package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/scaffold"
)

// NewPolicy begins a policy for a collection of the database that is there.
func NewPolicy(ctx context.Context, a Authoring) error {
	c, err := config.Load(a.Config)
	if err != nil {
		return err
	}
	schema, err := liveSchema(ctx, c)
	if err != nil {
		return setup(err)
	}
	made, err := scaffold.New(ctx, scaffold.Request{
		Collection: a.Names[0], Language: a.Language, Dir: c.Policies.Dir, Schema: schema,
	})
	for _, path := range made {
		_, _ = fmt.Fprintf(a.Stdout, "made %s\n", path)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.Stdout, "next: hapta-server policy build %[1]s, and hapta-server policy test %[1]s\n", a.Names[0])
	return err
}

// BuildPolicies compiles sources to the modules beside them.
func BuildPolicies(ctx context.Context, a Authoring) error {
	c, err := config.Load(a.Config)
	if err != nil {
		return err
	}
	sources, shared, err := scaffold.Sources(c.Policies.Dir, a.Names)
	if err != nil {
		return err
	}
	for _, path := range shared {
		_, _ = fmt.Fprintf(a.Stderr, "%s holds no policy, so it is left out\n", path)
	}
	if err := refreshFields(ctx, c); err != nil {
		return err
	}
	engine, remove, err := passingEngine(c)
	if err != nil {
		return usage("%v", err)
	}
	defer remove()
	return scaffold.Build(ctx, oncePerModule(sources), a.Stderr, func(ctx context.Context, name string, module []byte) error {
		p, err := engine.Load(ctx, name, module)
		var wrong *policy.LoadError
		if errors.As(err, &wrong) {
			return wrong.Err
		}
		if err == nil {
			p.Retire()
		}
		return err
	})
}

// oncePerModule leaves out what becomes the module of a source before it: that
// one cannot be compiled either, and says so of both.
func oncePerModule(sources []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(sources), func(path string) bool {
		stem := filepath.Clean(strings.TrimSuffix(strings.TrimSuffix(path, ".ts"), ".rs"))
		defer func() { seen[stem] = true }()
		return seen[stem]
	})
}

// refreshFields lets the compilers know the fields of the embedded database. To
// build does not need a database, so another one is not asked.
func refreshFields(ctx context.Context, c *config.Config) error {
	if !c.Embedded() {
		return nil
	}
	schema, err := liveSchema(ctx, c)
	if err != nil || schema == nil {
		return err
	}
	return scaffold.RefreshFields(c.Policies.Dir, schema)
}
