package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What SECURITY.md says is held by a test is held by one that is there.
func TestPromisesAreHeld(t *testing.T) {
	page, err := os.ReadFile("../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testFiles(t)
	named := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllSubmatch(page, -1)
	if len(named) < 30 {
		t.Errorf("it names %d tests", len(named))
	}
	for _, n := range named {
		if !strings.Contains(tests, "\nfunc "+string(n[1])+"(") {
			t.Errorf("there is no %s", n[1])
		}
	}
	for _, n := range regexp.MustCompile("`([\\w/]+\\.mjs)`").FindAllSubmatch(page, -1) {
		if _, err := os.Stat(filepath.Join("e2e", string(n[1]))); err != nil {
			t.Error(err)
		}
	}
}

// testFiles are the texts of all tests in Go.
func testFiles(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err == nil && strings.HasSuffix(path, "_test.go") {
			text, readErr := os.ReadFile(path)
			all.Write(text)
			err = readErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
