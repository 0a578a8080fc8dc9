package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hapta/hapta/server/config"
)

// standing puts the test into a folder that has these files of policies.
func standing(t *testing.T, names ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.Mkdir("policies", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join("policies", name), []byte("export function list"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// What stays behind of a policy that is taken away is named, and it alone.
func TestRemoveNamesWhatStays(t *testing.T) {
	f := func(want string, names ...string) {
		t.Helper()
		standing(t, names...)
		if told, err := RemovePolicy(config.Options{}, "notes"); err != nil || !strings.HasSuffix(told, "; "+want) {
			t.Errorf("%v, told %q; want %q", err, told, want)
		}
	}
	f("removed policies/notes.wasm", "notes.wasm", "posts.ts", "posts.test.json")
	f("removed policies/notes.wasm; left there: policies/notes.ts, policies/notes.test.json (a source brings the policy back when it is compiled)",
		"notes.wasm", "notes.ts", "notes.test.json", "posts.wasm")
}

// Two sources of one module are one mistake.
func TestRivalsAreToldOnce(t *testing.T) {
	standing(t, "notes.ts", "notes.rs")
	var out bytes.Buffer
	err := BuildPolicies(t.Context(), Authoring{Names: []string{"policies/notes.ts", "policies/notes.rs"}, Stdout: &out, Stderr: &out})
	if err == nil || err.Error() != "policies/notes.ts and policies/notes.rs would both become policies/notes.wasm; keep one" {
		t.Errorf("the error is %v", err)
	}
}
