package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const extension = ".wasm"

// sight is a policy file as a listing of the folder shows it. The zero sight
// is that of a file that is not there.
type sight struct {
	name string
	info fs.FileInfo // of what a link leads to
	err  error       // why the file cannot even be looked at
}

func (s sight) missing() bool { return s.name == "" }

// same tells whether nothing speaks for a change between two sights.
func (s sight) same(other sight) bool {
	if s.name != other.name || (s.err == nil) != (other.err == nil) {
		return false
	}
	if s.err != nil {
		return s.err.Error() == other.err.Error()
	}
	return s.missing() || unchanged(s.info, other.info)
}

func unchanged(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && changed(a) == changed(b)
}

// list looks at every policy file of a folder, by its stem.
func list(dir string) (map[string]sight, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	found := make(map[string]sight, len(entries))
	for _, entry := range entries {
		stem, ok := stem(entry.Name())
		if !ok {
			continue
		}
		s, ok := glance(dir, entry)
		if !ok {
			continue
		}
		if twin, ok := found[stem]; ok {
			s = ambiguous(dir, twin, s)
		}
		found[stem] = s
	}
	return found, nil
}

// stem is the collection's name, in lower case, that a file is named after.
// Hidden files and those without the extension are none of ours.
func stem(name string) (string, bool) {
	if strings.HasPrefix(name, ".") {
		return "", false
	}
	return strings.CutSuffix(strings.ToLower(name), extension)
}

// glance is false for what is not a file, or no longer one.
func glance(dir string, entry fs.DirEntry) (sight, bool) {
	path := filepath.Join(dir, entry.Name())
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && entry.Type()&fs.ModeSymlink == 0:
		return sight{}, false
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("%s is a link that leads to no file: point it at the policy or remove it", path)
	case err != nil:
		err = fmt.Errorf("a policy file cannot be read: %w: make it a readable file", err)
	case info.IsDir():
		return sight{}, false
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s is not a regular file: put the policy itself there", path)
	}
	return sight{name: entry.Name(), info: info, err: err}, true
}

func ambiguous(dir string, a, b sight) sight {
	return sight{name: a.name, err: fmt.Errorf(
		"%s: %s and %s are named after the same collection: keep one of them", dir, a.name, b.name)}
}
