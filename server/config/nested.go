package config

import (
	"os"
	"path/filepath"
)

// nested reports whether two folders are the same or one lies in the other,
// whatever symbolic links lead there and whether or not they exist yet.
func nested(a, b string) bool {
	a, b = resolve(a), resolve(b)
	return within(a, b) || within(b, a)
}

// within walks up from inner and looks for outer, by name and, where both
// exist, as the file system knows them: it may not mind a name's case.
func within(inner, outer string) bool {
	there, err := os.Stat(outer)
	for {
		if inner == outer {
			return true
		}
		if here, e := os.Stat(inner); err == nil && e == nil && os.SameFile(here, there) {
			return true
		}
		parent := filepath.Dir(inner)
		if parent == inner {
			return false
		}
		inner = parent
	}
}

// resolve makes a path absolute and follows the links in the part of it that exists.
func resolve(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = filepath.Clean(path) // only without a working directory
	}
	rest := ""
	for dir := abs; ; {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(real, rest)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return abs
		}
		rest = filepath.Join(filepath.Base(dir), rest)
		dir = parent
	}
}
