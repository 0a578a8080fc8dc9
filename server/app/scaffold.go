package app

import (
	"context"
	"fmt"

	"github.com/hapta/hapta/server/config"
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
		return err
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
	sources, err := scaffold.Sources(c.Policies.Dir, a.Names)
	if err != nil {
		return err
	}
	if err := refreshFields(ctx, c); err != nil {
		return err
	}
	return scaffold.Build(ctx, sources, a.Stderr)
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
