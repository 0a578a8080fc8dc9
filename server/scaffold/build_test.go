package scaffold

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSources(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "policies")
	for _, name := range []string{
		"a.ts", "b.rs", "c/index.ts", "d/Cargo.toml", "e/src/lib.rs",
		"a.wasm", "a.test.json", "types.d.ts", "lib/shared.ts", ".hidden.ts", ".hapta/index.ts",
	} {
		put(t, filepath.Join(dir, name), "export function view(c: View) {}; hapta::policy! {}")
	}
	put(t, filepath.Join(dir, "common.ts"), "export function owns(list: string): boolean { return false; }")
	put(t, filepath.Join(dir, "common.rs"), "pub fn owns() {}")
	elsewhere := filepath.Join(t.TempDir(), "x.rs")
	put(t, elsewhere, "")
	f := func(names string, want ...string) {
		t.Helper()
		got, shared, err := Sources(dir, strings.Fields(names))
		if (names == "") != (len(shared) == 2) {
			t.Errorf("%q: shared are %q", names, shared)
		}
		for i, path := range got {
			got[i] = strings.TrimPrefix(path, dir+"/")
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v; want %q", names, got, err, want)
		}
	}
	f("", "a.ts", "b.rs", "c", "d", "e")
	f("e a", "e", "a.ts")
	f(filepath.Join(dir, "b.rs")+" "+elsewhere, "b.rs", elsewhere)

	refused := func(dir, names, want string) {
		t.Helper()
		got, _, err := Sources(dir, strings.Fields(names))
		wantMistake(t, names, err, want)
		if got != nil {
			t.Errorf("%q: got %q", names, got)
		}
	}
	refused(dir, "other", "there is no source other, and none of that policy in "+dir+"; known are a, b, c, d, e")
	refused(dir, filepath.Join(dir, "a.wasm"), "there is no source")
	refused(t.TempDir(), "f", "there is no source f, and none of a policy in")
	refused(t.TempDir(), "", "begin one: hapta-server policy new COLLECTION")
	refused(filepath.Join(dir, "nowhere"), "", "begin one: hapta-server policy new COLLECTION")
}

func wantMistake(t *testing.T, what string, err error, want string) {
	t.Helper()
	var coded interface{ ExitCode() int }
	if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &coded) || coded.ExitCode() != 2 {
		t.Errorf("%s: error %v, want %s, and the exit status 2", what, err, want)
	}
}

func TestBuildRefusesWhatIsNoSource(t *testing.T) {
	f := func(source, want string, files ...string) {
		t.Helper()
		dir := t.TempDir()
		for _, name := range files {
			put(t, filepath.Join(dir, name), "")
		}
		var out bytes.Buffer
		err := Build(t.Context(), []string{filepath.Join(dir, source)}, &out, loads)
		wantMistake(t, source, err, want)
		if out.Len() > 0 {
			t.Errorf("%s: said %q", source, out.String())
		}
	}
	f("a.ts", "there is no source")
	f("a.wasm", "name a .ts or .rs file, or a folder with index.ts, Cargo.toml or src/lib.rs", "a.wasm")
	f("a", "there is no source", "a/other.ts")
	f("a.ts", "a.rs would both become", "a.ts", "a.rs")
	f("a.rs", "a.ts would both become", "a.ts", "a.rs")
	f("a.ts", "a would both become", "a.ts", "a/index.ts")
	f("a", "a.rs would both become", "a.rs", "a/src/lib.rs")
}

// tools makes programs, of the text of a shell script each, all that is there.
func tools(t *testing.T, scripts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, script := range scripts {
		path := filepath.Join(dir, name)
		put(t, path, "#!/bin/sh\n"+script+"\n")
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

const node = `[ "$1" = --version ] && echo v20.1.0 && exit
echo compiled >"$4"`

func accept(context.Context, string, []byte) error { return nil }

func TestBuildTellsWhatIsMissing(t *testing.T) {
	f := func(language, want string, scripts map[string]string) {
		t.Helper()
		dir := t.TempDir()
		source := filepath.Join(dir, begin(t, dir, "notes", language, schema)[0])
		tools(t, scripts)
		err := Build(t.Context(), []string{source}, &bytes.Buffer{}, accept)
		var coded interface{ ExitCode() int }
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || errors.As(err, &coded) {
			t.Errorf("%s: error %v, want %s", language, err, want)
		}
	}
	f("ts", "node is missing", nil)
	f("ts", "node is v18.9.0; install Node.js 20 or newer", map[string]string{"node": "echo v18.9.0"})
	f("ts", "node does not run: out of luck", map[string]string{"node": "echo out of luck; exit 1"})
	f("ts", "npm is missing", map[string]string{"node": node})
	f("ts", "npm cannot fetch the AssemblyScript compiler: no network", map[string]string{"node": node, "npm": "echo no network >&2; exit 1"})
	f("ts", "notes.ts cannot be compiled: out of memory", map[string]string{
		"node": `[ "$1" = --version ] && echo v22.0.0 && exit; echo out of memory >&2; exit 1`, "npm": "",
	})
	f("rust", `notes.rs cannot be compiled: exec: "sh": executable file not found`, nil)
}

func TestBuildFetchesTheCompilerOnce(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, begin(t, dir, "notes", "ts", schema)[0])
	tools(t, map[string]string{"node": node, "npm": `echo "$*" >"$3/asked"; /bin/mkdir -p "$3/node_modules/assemblyscript"`})
	sdk := filepath.Join(dir, ".hapta/sdk-ts")
	fetching := "fetching the AssemblyScript compiler, once: npm ci in " + sdk + "\n"
	done := source + " → " + filepath.Join(dir, "notes.wasm") + "\n"
	for _, want := range []string{fetching + done, done} {
		var out bytes.Buffer
		if err := Build(t.Context(), []string{source}, &out, accept); err != nil || out.String() != want {
			t.Errorf("said %q, error %v; want %q", out.String(), err, want)
		}
	}
	if got, want := read(t, sdk, "asked"), "ci --prefix "+sdk+" --no-audit --no-fund --loglevel=error --omit=dev\n"; got != want {
		t.Errorf("npm was asked to %q", got)
	}
	if got := read(t, dir, "notes.wasm"); got != "compiled\n" {
		t.Errorf("the module is %q", got)
	}
}

// Every source is tried, and each that fails is named.
func TestBuildGoesOn(t *testing.T) {
	dir := t.TempDir()
	var sources []string
	for _, name := range []string{"notes", "tags", "marks"} {
		sources = append(sources, filepath.Join(dir, begin(t, dir, name, "ts", schema)[0]))
	}
	put(t, filepath.Join(dir, ".hapta/sdk-ts/node_modules/assemblyscript/x"), "")
	tools(t, map[string]string{"node": `[ "$1" = --version ] && echo v20.1.0 && exit
case "$2" in */tags.ts) echo "compiled" >"$4";; *) echo "$2:1:1: wrong" >&2; exit 2;; esac`})
	var out bytes.Buffer
	err := Build(t.Context(), sources, &out, accept)
	wantMistake(t, "three", err, sources[0]+" does not compile\n"+sources[2]+" does not compile")
	for _, want := range []string{sources[0] + ":1:1: wrong\n", sources[1] + " → ", sources[2] + ":1:1: wrong\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("said %q, want %q", out.String(), want)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := Build(ended, sources, &out, accept); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// What would not load does not take the place of what does.
func TestBuildKeepsWhatLoads(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, begin(t, dir, "notes", "ts", schema)[0])
	put(t, filepath.Join(dir, ".hapta/sdk-ts/node_modules/assemblyscript/x"), "")
	put(t, filepath.Join(dir, "notes.wasm"), "the one before")
	tools(t, map[string]string{"node": node})
	refuse := func(_ context.Context, name string, module []byte) error {
		return fmt.Errorf("%s is no good: %s", name, module)
	}
	err := Build(t.Context(), []string{dir + "/./notes.ts"}, &bytes.Buffer{}, refuse)
	wantMistake(t, source, err, source+" compiles to a module that does not load: notes is no good: compiled")
	if got := read(t, dir, "notes.wasm"); got != "the one before" {
		t.Errorf("the module is %q", got)
	}
}
