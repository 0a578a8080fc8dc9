package cli

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/hapta/hapta/server/config"
)

// author runs a command line against commands that note which one was called.
func author(err error, args ...string) (status int, stderr, name string, got Authoring) {
	var out, errs bytes.Buffer
	note := func(called string) func(context.Context, Authoring) error {
		return func(_ context.Context, a Authoring) error { name, got = called, a; return err }
	}
	c := Commands{
		NewPolicy: note("new"), BuildPolicies: note("build"), TestPolicies: note("test"),
		EvalPolicy: note("eval"), BenchPolicy: note("bench"), InspectPolicy: note("inspect"),
	}
	status = Run(Process{args, nil, strings.NewReader(""), &out, &errs}, c)
	return status, errs.String(), name, got
}

func TestAuthorsCommands(t *testing.T) {
	f := func(line, wantName string, want Authoring) {
		t.Helper()
		status, errs, name, got := author(nil, strings.Fields(line)...)
		got.Stdin, got.Stdout, got.Stderr = nil, nil, nil
		want.Config.ConfigFile, want.Config.EnvFile = "hapta.toml", ".env"
		if status != 0 || errs != "" || name != wantName || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: status %d, stderr %q, called %s with %+v; want %s with %+v", line, status, errs, name, got, wantName, want)
		}
	}
	f("policy new notes", "new", Authoring{Names: []string{"notes"}, Language: "ts"})
	f("policy new --lang rust notes", "new", Authoring{Names: []string{"notes"}, Language: "rust"})
	f("policy build", "build", Authoring{})
	f("policy build a b.rs", "build", Authoring{Names: []string{"a", "b.rs"}})
	f("policy test", "test", Authoring{})
	f("policy test a b -v --demo", "test", Authoring{Names: []string{"a", "b"}, Verbose: true, Config: config.Options{Demo: true}})
	f("policy eval posts --case x", "eval", Authoring{Names: []string{"posts"}, Case: "x"})
	f("policy eval --input - posts", "eval", Authoring{Names: []string{"posts"}, Input: "-"})
	f("policy bench posts", "bench", Authoring{Names: []string{"posts"}})
	f("policy bench posts --case=x", "bench", Authoring{Names: []string{"posts"}, Case: "x"})
	f("policy inspect a.wasm", "inspect", Authoring{Names: []string{"a.wasm"}})
	if status, errs, _, _ := author(errors.New("some failed"), "policy", "test"); status != 1 || errs != "hapta-server: some failed\n" {
		t.Errorf("status %d, stderr %q", status, errs)
	}
}

func TestAuthorsUsageFailure(t *testing.T) {
	f := func(line, want, command string) {
		t.Helper()
		status, errs, name, _ := author(nil, strings.Split(line, " ")...)
		text := "hapta-server: " + want + "\nhapta-server: try: hapta-server " + command + " --help\n"
		if status != 2 || name != "" || errs != text {
			t.Errorf("%q: status %d, called %q, stderr %q; want %q", line, status, name, errs, text)
		}
	}
	f("policy new", "policy new takes one collection, not 0", "policy new")
	f("policy new a b", "policy new takes one collection, not 2", "policy new")
	f("policy new a --lang go", `--lang is ts or rust, not "go"`, "policy new")
	f("policy test --vv", "unknown flag --vv", "policy test")
	f("policy test --case x", "unknown flag --case", "policy test")
	f("policy eval posts", "policy eval takes either --case or --input", "policy eval")
	f("policy eval posts --case a --input b", "policy eval takes either --case or --input", "policy eval")
	f("policy eval --case a", "policy eval takes one collection, not 0", "policy eval")
	f("policy bench", "policy bench takes one collection, not 0", "policy bench")
	f("policy bench a --case", "a value is missing after --case", "policy bench")
	f("policy inspect a b", "policy inspect takes one collection, not 2", "policy inspect")
}

func TestAuthorsHelp(t *testing.T) {
	for _, command := range []string{"new", "build", "test", "eval", "bench", "inspect"} {
		var out, errs bytes.Buffer
		status := Run(Process{[]string{"policy", command, "--help"}, nil, nil, &out, &errs}, Commands{
			NewPolicy: never, BuildPolicies: never, TestPolicies: never, EvalPolicy: never, BenchPolicy: never, InspectPolicy: never,
		})
		if status != 0 || errs.Len() > 0 || out.String() != helpTexts["policy "+command] || out.Len() == 0 {
			t.Errorf("%s: status %d, stderr %q, stdout %q", command, status, errs.String(), out.String())
		}
	}
}

func never(context.Context, Authoring) error { return errors.New("it was called") }
