package scaffold

import (
	"os"
	"path/filepath"
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
	return filepath.Clean(s.path)
}

// entries tell a folder's language, by a file that is in it.
var entries = []struct {
	name string
	language
}{{"index.ts", typeScript}, {"Cargo.toml", rust}, {"src/lib.rs", rust}}

// sourceAt tells what lies at a path; !ok is no source.
func sourceAt(path string) (s source, ok bool) {
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

// rival is another source that would become the same module, or "".
func (s source) rival() string {
	for _, other := range []string{s.stem() + ".ts", s.stem() + ".rs", s.stem()} {
		if _, ok := sourceAt(other); ok && other != filepath.Clean(s.path) {
			return other
		}
	}
	return ""
}
