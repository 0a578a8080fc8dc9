// Hapta-server stands between app clients and a PocketBase database.
package main

import (
	"context"
	"os"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/app"
	"github.com/hapta/hapta/server/cli"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy/compile"
)

// Set by the linker in releases.
var version, commit string

func main() {
	os.Exit(cli.Run(
		cli.Process{Args: os.Args[1:], Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr},
		cli.Commands{
			Serve: func(ctx context.Context, s cli.Serving) error {
				return app.Run(ctx, app.Options(s))
			},
			Check:         app.Check,
			RemovePolicy:  app.RemovePolicy,
			NewPolicy:     author(app.NewPolicy),
			BuildPolicies: author(app.BuildPolicies),
			TestPolicies:  author(app.TestPolicies),
			EvalPolicy:    author(app.EvalPolicy),
			BenchPolicy:   author(app.BenchPolicy),
			InspectPolicy: author(app.InspectPolicy),
			Compile:       compile.Child,
			Version: cli.Version{
				Version: version, Commit: commit, ABI: abi.Module, PocketBase: pocketbase.Version(),
			},
		},
	))
}

// author makes a command of the policy's author one of the command line.
func author(run func(context.Context, app.Authoring) error) func(context.Context, cli.Authoring) error {
	return func(ctx context.Context, a cli.Authoring) error { return run(ctx, app.Authoring(a)) }
}
