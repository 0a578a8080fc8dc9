package scaffold

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/author"
	"github.com/hapta/hapta/server/policy"
)

// The tests in this file compile with the real Node.js and Rust.

var engine = policy.NewEngine(policy.Limits{Fuel: 1_000_000, MemoryBytes: 1 << 20})

func loads(ctx context.Context, name string, module []byte) error {
	p, err := engine.Load(ctx, name, module)
	if err == nil {
		p.Retire()
	}
	return err
}

// fetched lends the SDK beside the policies of a folder what npm has fetched for
// the tree's.
func fetched(t *testing.T, dir string) {
	t.Helper()
	modules, err := filepath.Abs("../../sdk-ts/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(modules); err != nil {
		return // npm fetches it for this test alone
	}
	if err := os.Symlink(modules, filepath.Join(dir, ".hapta/sdk-ts/node_modules")); err != nil {
		t.Fatal(err)
	}
}

// buildAll compiles what is in a folder, which has to succeed without a warning.
func buildAll(t *testing.T, dir string) {
	t.Helper()
	sources, _, err := Sources(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Build(t.Context(), sources, &out, loads); err != nil || strings.Count(out.String(), "\n") != len(sources) {
		t.Fatalf("%v\n%s", err, out.String())
	}
}

// Whatever the collection is like, the policy that New writes compiles, and its
// cases pass.
func TestWhatIsBegunWorks(t *testing.T) {
	f := func(language string, collections ...string) {
		t.Helper()
		dir := t.TempDir()
		for _, c := range collections {
			begin(t, dir, c, language, schema)
		}
		if language == "ts" {
			fetched(t, dir)
		}
		buildAll(t, dir)
		var out bytes.Buffer
		tools := author.Tools{Engine: engine, Dir: dir, Out: &out, Err: &out}
		if err := tools.Test(t.Context(), nil, false); err != nil || strings.Contains(out.String(), "warning") {
			t.Errorf("%s: %v\n%s", language, err, out.String())
		}
	}
	f("ts", "notes", "users", "empty", "summary")
	f("rust", "notes", "tags", "clashes")
}

// A field that the collection does not have is a mistake of compiling.
func TestMisspeltFieldsDoNotCompile(t *testing.T) {
	f := func(language, right, wrong string, want ...string) {
		t.Helper()
		dir := t.TempDir()
		source := filepath.Join(dir, begin(t, dir, "notes", language, schema)[0])
		if language == "ts" {
			fetched(t, dir)
		}
		text := read(t, source)
		if !strings.Contains(text, right) {
			t.Fatalf("%s holds no %s", source, right)
		}
		put(t, source, strings.Replace(text, right, wrong, 1))
		var out bytes.Buffer
		err := Build(t.Context(), []string{source}, &out, loads)
		wantMistake(t, language, err, source+" does not compile")
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: said %s\nwant %s", language, out.String(), w)
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "notes.wasm")); err == nil {
			t.Errorf("%s: a module was made", language)
		}
	}
	f("ts", `c.incoming.get("list")`, `c.incoming.get("titel")`, "/notes.ts:", `notes has no field "titel"`, `did you mean "title"?`)
	f("rust", "c.incoming().get(list_field)", "c.incoming().get(titel)", "notes.rs:", "cannot find value `titel`")
	f("rust", "secret, ", "secrte, ", "notes.rs:11:40:", `notes has no field "secrte"`, "did you mean secret?")
}

const panics = `#![no_std]
use hapta::prelude::*;

hapta::policy! {
    operations: [view],
}

fn view(_: &mut View) -> Verdict {
    panic!("nobody thought of this")
}
`

// What the log tells of a panic leads to its place, in a policy that is a folder.
func TestAPanicNamesItsPlace(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "notes/src/lib.rs"), panics)
	buildAll(t, dir)
	module, err := os.ReadFile(filepath.Join(dir, "notes.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Load(t.Context(), "notes", module)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Retire()
	stored := &policy.Record{Value: fastjson.MustParse(`{"id":"n1"}`)}
	_, err = p.Record(t.Context(), &policy.Input{
		Operation: abi.OperationView, Reason: abi.ReasonAsked, Now: time.UnixMilli(0), Stored: stored,
	})
	var fault *policy.Fault
	if !errors.As(err, &fault) || !strings.Contains(fault.Detail, "nobody thought of this") || !strings.Contains(fault.Detail, "src/lib.rs:9:5") {
		t.Errorf("the log is told: %v", err)
	}
}
