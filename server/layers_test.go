package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/hapta/hapta/"

// layers are the packages from top to bottom. A package imports only what
// stands in a line below its own.
var layers = []string{
	"server server/bench/hello server/bench/limits",
	"server/cli server/differential server/coherence",
	"server/app",
	"server/httpapi",
	"server/gateway server/author server/scaffold",
	"server/sharing",
	"server/pocketbase",
	"server/policy/watch",
	"server/policy",
	"server/policy/compile server/policy/wasm server/filter server/session",
	"server/config server/cache server/apierr server/clientip server/httpapi/plain server/rawjson server/logqueue server/ratelimit server/seldom server/metrics server/pocketbase/demo server/pages abi sdk-ts sdk-rust",
}

// Imports go downwards only, and every package has a place in the order. Tests
// may reach further.
func TestImportsGoDownwards(t *testing.T) {
	depth := map[string]int{}
	for i, line := range layers {
		for _, name := range strings.Fields(line) {
			depth[module+name] = i
		}
	}
	for _, p := range packages(t) {
		at, ok := depth[p.ImportPath]
		if !ok {
			t.Errorf("%s has no layer; find its place in this list", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if !strings.HasPrefix(imported, module) {
				continue
			}
			if below, ok := depth[imported]; !ok || below <= at {
				t.Errorf("%s imports %s, which does not stand below it", p.ImportPath, imported)
			}
		}
	}
}

// The program's entry joins the commands to the server, tells them the versions
// of what is inside, and knows nothing else.
func TestMainImports(t *testing.T) {
	allowed := []string{"server/cli", "server/app", "server/pocketbase", "server/policy/compile", "abi"}
	for _, p := range packages(t) {
		if p.ImportPath != module+"server" {
			continue
		}
		for _, imported := range p.Imports {
			if name, ours := strings.CutPrefix(imported, module); ours && !slices.Contains(allowed, name) {
				t.Errorf("main imports %s", name)
			}
		}
	}
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

// packages asks the go command what there is below this folder.
func packages(t *testing.T) (out []goPackage) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...")
	listed, err := command.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("%v: %s", err, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(listed)))
	for {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		t.Fatal("the go command lists no packages")
	}
	return out
}
