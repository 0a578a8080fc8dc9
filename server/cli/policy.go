package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"syscall"

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

// author finds what a command of the author does; nil: there is none.
func (c *Commands) author(name string) func(context.Context, Authoring) error {
	switch name {
	case "new":
		return c.NewPolicy
	case "build":
		return c.BuildPolicies
	case "test":
		return c.TestPolicies
	case "eval":
		return c.EvalPolicy
	case "bench":
		return c.BenchPolicy
	case "inspect":
		return c.InspectPolicy
	}
	return nil
}

func policy(p Process, args []string, c Commands) error {
	switch {
	case len(args) == 0:
		return usage("policy", "policy needs to be told what to do")
	case isHelp(args[0]):
		return &helpError{helpTexts["policy"]}
	case args[0] == "remove":
		return removePolicy(p, args[1:], c.RemovePolicy)
	}
	run := c.author(args[0])
	if run == nil {
		return usage("policy", "unknown command %q", "policy "+args[0])
	}
	a, err := authoring(p, args[0], args[1:])
	if err != nil {
		return err
	}
	ctx, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer release()
	return run(ctx, a)
}

func authoring(p Process, name string, args []string) (a Authoring, err error) {
	command := "policy " + name
	a = Authoring{Stdin: p.Stdin, Stdout: p.Stdout, Stderr: p.Stderr}
	a.Config, a.Names, err = settings(p, command, args, func(f *flag.FlagSet) {
		switch name {
		case "new":
			f.StringVar(&a.Language, "lang", "ts", "")
		case "test":
			f.BoolVar(&a.Verbose, "v", false, "")
		case "eval":
			f.StringVar(&a.Input, "input", "", "")
			f.StringVar(&a.Case, "case", "", "")
		case "bench":
			f.StringVar(&a.Case, "case", "", "")
		}
	})
	switch {
	case err != nil:
	case name != "test" && name != "build" && len(a.Names) != 1:
		err = usage(command, "%s takes one collection, not %d", command, len(a.Names))
	case name == "new" && a.Language != "ts" && a.Language != "rust":
		err = usage(command, "--lang is ts or rust, not %q", a.Language)
	case name == "eval" && (a.Case == "") == (a.Input == ""):
		err = usage(command, "policy eval takes either --case or --input")
	}
	return a, err
}

func removePolicy(p Process, args []string, remove func(config.Options, string) (string, error)) error {
	o, names, err := settings(p, "policy remove", args)
	if err != nil {
		return err
	}
	if len(names) != 1 {
		return usage("policy remove", "policy remove takes one collection, not %d", len(names))
	}
	did, err := remove(o, names[0])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.Stdout, did)
	return err
}
