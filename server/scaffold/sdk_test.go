package scaffold

import (
	"os"
	"path/filepath"
	"testing"
)

// A folder that another binary has written to gets this one's SDK, and keeps
// what was fetched for it as long as the lock is the same.
func TestTheSDKIsRefreshed(t *testing.T) {
	dir := t.TempDir()
	begin(t, dir, "notes", "ts", schema)
	s, err := findSDK(dir, typeScript)
	if err != nil {
		t.Fatal(err)
	}
	lock := read(t, s.dir, "package-lock.json")
	f := func(name string, change func(), written, fetchedStays bool) {
		t.Helper()
		fetched, stale := filepath.Join(s.dir, "node_modules/assemblyscript/x"), filepath.Join(s.dir, "compiler/stale.mjs")
		put(t, fetched, "")
		put(t, stale, "")
		change()
		if got, err := s.refresh(); got != written || err != nil {
			t.Errorf("%s: written %t, %v", name, got, err)
		}
		if _, err := os.Stat(fetched); (err == nil) != fetchedStays {
			t.Errorf("%s: what was fetched: %v", name, err)
		}
		if _, err := os.Stat(stale); (err == nil) == written {
			t.Errorf("%s: a file of before: %v", name, err)
		}
		if read(t, s.dir, "package-lock.json") != lock || read(t, s.dir, "bin/hapta-asc.mjs") == "" {
			t.Errorf("%s: files of the SDK are wrong", name)
		}
	}
	note := filepath.Join(s.dir, ".digest")
	f("the same binary", func() {}, false, true)
	f("another binary", func() { put(t, note, "another") }, true, true)
	f("another binary, with another lock", func() {
		put(t, note, "another")
		put(t, filepath.Join(s.dir, "package-lock.json"), "{}")
	}, true, false)
	f("a write that was cut short", func() {
		if err := os.Remove(note); err != nil {
			t.Fatal(err)
		}
	}, true, true)
}

func TestScriptsCanBeRun(t *testing.T) {
	dir := t.TempDir()
	begin(t, dir, "notes", "rust", schema)
	begin(t, dir, "tags", "ts", schema)
	for _, name := range []string{"sdk-rust/build-policy.sh", "sdk-rust/test-policy.sh", "sdk-ts/bin/hapta-asc.mjs"} {
		info, err := os.Stat(filepath.Join(dir, ".hapta", name))
		if err != nil || info.Mode().Perm()&0o111 == 0 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if got := read(t, dir, ".hapta/.gitignore"); got != "/sdk-*/\n" {
		t.Errorf("git is told to ignore %q", got)
	}
}

// In a checkout of this project its own SDKs are used, and left alone.
func TestACheckoutHasItsOwn(t *testing.T) {
	tree := t.TempDir()
	for _, name := range []string{"sdk-ts/bin/hapta-asc.mjs", "sdk-rust/build-policy.sh", "abi/hapta_v1.toml"} {
		put(t, filepath.Join(tree, name), "the tree's")
	}
	dir := filepath.Join(tree, "policies")
	if files := begin(t, dir, "notes", "ts", schema); len(files) != 5 {
		t.Errorf("wrote %q", files)
	}
	want := `{
  "compilerOptions": {
    "paths": {
      "hapta": [
        "./../sdk-ts/assembly/index.ts"
      ]
    }
  },
  "extends": "./../sdk-ts/tsconfig.json",
  "include": [
    "./**/*.ts"
  ]
}
`
	if got := read(t, dir, "tsconfig.json"); got != want {
		t.Errorf("tsconfig.json is %s", got)
	}
	if _, err := os.Stat(filepath.Join(dir, ".hapta/sdk-ts")); err == nil {
		t.Error("there are two SDKs")
	}
}
