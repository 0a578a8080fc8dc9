package scaffold

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// source is what one policy is compiled from.
type source struct {
	path     string // a file, or a folder
	language language
}

// module is the file that the source becomes, beside it.
func (s source) module() string { return s.stem() + ".wasm" }

// stem is the module's path without its extension.
func (s source) stem() string {
	if filepath.Ext(s.path) == s.language.extension {
		return strings.TrimSuffix(s.path, s.language.extension)
	}
	return s.path
}

// entries tell a folder's language, by a file that is in it.
var entries = []struct {
	name string
	language
}{{"index.ts", typeScript}, {"Cargo.toml", rust}, {"src/lib.rs", rust}}

// sourceAt tells what lies at a path; !ok is no source.
func sourceAt(path string) (s source, ok bool) {
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	if err != nil {
		return s, false
	}
	if !info.IsDir() {
		for _, l := range []language{typeScript, rust} {
			if filepath.Ext(path) == l.extension && !strings.HasSuffix(path, ".d.ts") {
				return source{path, l}, true
			}
		}
		return s, false
	}
	for _, entry := range entries {
		if _, err := os.Stat(filepath.Join(path, filepath.FromSlash(entry.name))); err == nil {
			return source{path, entry.language}, true
		}
	}
	return s, false
}

// What every policy has: a handler or a manifest in TypeScript, the macro in Rust.
var ofPolicies = map[string]*regexp.Regexp{
	typeScript.extension: regexp.MustCompile(`\bexport\b[^;{(]*\b(manifest|list|view|create|update|remove)\b`),
	rust.extension:       regexp.MustCompile(`\bpolicy!`),
}

// holdsPolicy is false for a file that can only be there for others. What cannot
// be read is left to the compiler to explain.
func (s source) holdsPolicy() bool {
	text, err := os.ReadFile(s.path)
	return err != nil || ofPolicies[s.language.extension].Match(text)
}

// rival is another source that would become the same module, or "".
func (s source) rival() string {
	for _, other := range []string{s.stem() + ".ts", s.stem() + ".rs", s.stem()} {
		if _, ok := sourceAt(other); ok && other != s.path {
			return other
		}
	}
	return ""
}
