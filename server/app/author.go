package app

import (
	"context"
	"io"
	"os"

	"github.com/hapta/hapta/server/author"
	"github.com/hapta/hapta/server/config"
)

// Authoring is what a command of a policy's author is given.
type Authoring struct {
	Config         config.Options
	Names          []string // of collections; for build sources too, for test files and folders
	Language       string   // of new: "ts" or "rust"
	Case           string   // of eval and bench: the name of a case; empty: none
	Input          string   // of eval: a file, or - for Stdin; empty: none
	Verbose        bool     // of test
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// TestPolicies holds policies to their cases.
func TestPolicies(ctx context.Context, a Authoring) error {
	return withTools(a, func(t *author.Tools) error { return t.Test(ctx, a.Names, a.Verbose) })
}

// EvalPolicy tells how a policy comes to a decision.
func EvalPolicy(ctx context.Context, a Authoring) error {
	return withTools(a, func(t *author.Tools) error {
		switch a.Input {
		case "":
			return t.Eval(ctx, a.Names[0], a.Case, nil)
		case "-":
			return t.Eval(ctx, a.Names[0], "", a.Stdin)
		}
		file, err := os.Open(a.Input)
		if err != nil {
			return usage("the case cannot be read: %v; name a file as --input, or - for standard input", err)
		}
		defer func() { _ = file.Close() }()
		return t.Eval(ctx, a.Names[0], "", file)
	})
}

// BenchPolicy tells what a policy's decisions cost.
func BenchPolicy(ctx context.Context, a Authoring) error {
	return withTools(a, func(t *author.Tools) error { return t.Bench(ctx, a.Names[0], a.Case) })
}

// InspectPolicy tells what a module says of itself.
func InspectPolicy(ctx context.Context, a Authoring) error {
	return withTools(a, func(t *author.Tools) error { return t.Inspect(ctx, a.Names[0]) })
}

// withTools gives the author the server's own engine, with its limits.
func withTools(a Authoring, do func(*author.Tools) error) error {
	c, err := config.Load(a.Config)
	if err != nil {
		return err
	}
	engine, remove, err := passingEngine(c)
	if err != nil {
		return usage("%v", err)
	}
	defer remove()
	return do(author.New(engine, c.Policies.Dir, a.Stdout, a.Stderr))
}
