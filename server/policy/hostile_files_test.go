package policy

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hapta/hapta/abi"
)

const (
	hostileFolder = "testdata/hostile"
	hostileMost   = 100_000 // bytes of one file
)

// The files are what the definitions give, and nothing else is there.
func TestHostileFiles(t *testing.T) {
	want := map[string][]byte{"README.md": hostileReadme(allHostile())}
	for _, h := range allHostile() {
		if _, is := want[h.file+".wasm"]; is {
			t.Errorf("two modules are called %s", h.file)
		}
		if len(h.module) > hostileMost {
			t.Errorf("%s has %d bytes", h.file, len(h.module))
		}
		want[h.file+".wasm"] = h.module
	}
	if *update {
		writeHostile(t, want)
	}
	entries, err := os.ReadDir(hostileFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, is := want[e.Name()]; !is {
			t.Errorf("%s is nobody's", e.Name())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !bytes.Equal(readHostile(t, name), want[name]) {
			t.Errorf("%s is not what its definition gives; run this test with -update", name)
		}
	}
}

func writeHostile(t *testing.T, files map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(hostileFolder); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(hostileFolder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(hostileFolder, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func readHostile(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(hostileFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

const hostileIntro = `# Modules made to do harm

Each tries one thing. What has to come of it stands beside it, and
` + "`go test ./server/policy -run TestHostile`" + ` holds the server to it: on both engines,
with an innocent policy that still decides right, and with the second and the
third call beginning as the first did. ` + "`server/bench/policy`" + ` measures how long the
calls of another policy take meanwhile.

The modules and this page are written by ` + "`go test ./server/policy -run\nTestHostileFiles -update`" + ` from the definitions in ` + "`server/policy/hostile_*_test.go`" + `.

| module | tries | what comes of it |
|---|---|---|
`

func hostileReadme(all []hostile) []byte {
	b := bytes.NewBufferString(hostileIntro)
	for _, h := range all {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", h.file, cell(h.tries), cell(h.comes()))
	}
	return b.Bytes()
}

// comes says in a sentence what comes of a module.
func (h *hostile) comes() string {
	switch {
	case h.bomb:
		return "refused by the process that compiles it, for its time or its memory"
	case h.refused != "":
		return "refused while loading: " + h.refused
	case h.detail != "" && h.code != abi.FaultOutOfFuel: // there is but one way to run out of it
		return fmt.Sprintf("the call ends with `%s`: %s", h.code, h.detail)
	case h.code != "":
		return fmt.Sprintf("the call ends with `%s`", h.code)
	}
	return fmt.Sprintf("decides `%s` each time and leaves no trace", h.decides)
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
