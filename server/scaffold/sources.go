package scaffold

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hapta/hapta/server/config"
)

// Sources finds what Build takes: paths of sources, or collections that have one
// in the folder of policies. Nothing named is every source of the folder, but for
// files that hold no policy, which others may import: those are shared.
func Sources(dir string, names []string) (paths, shared []string, err error) {
	there, err := sourcesIn(dir)
	if err != nil {
		return nil, nil, mistaken("the sources of policies cannot be found: %w; name a folder as [policies] dir", err)
	}
	if len(names) == 0 {
		for _, s := range there {
			if s.holdsPolicy() {
				paths = append(paths, s.path)
			} else {
				shared = append(shared, s.path)
			}
		}
		if len(paths) == 0 {
			return nil, nil, mistaken("there are no sources of policies in %s; begin one: hapta-server policy new COLLECTION", dir)
		}
		return paths, shared, nil
	}
	for _, name := range names {
		path, err := named(there, dir, name)
		if err != nil {
			return nil, nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil, nil
}

// named resolves a collection, which goes before a path that is called alike.
func named(there []source, dir, name string) (string, error) {
	var known []string
	for _, s := range there {
		collection := filepath.Base(s.stem())
		if collection == name {
			return s.path, nil
		}
		if s.holdsPolicy() {
			known = append(known, collection)
		}
	}
	if _, ok := sourceAt(name); ok {
		return name, nil
	}
	if len(known) == 0 {
		return "", mistaken("there is no source %s, and none of a policy in %s", name, dir)
	}
	return "", mistaken("there is no source %s, and none of that policy in %s; %s", name, dir, config.Meant(name, known))
}

func sourcesIn(dir string) (list []source, err error) {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, file := range files {
		s, ok := sourceAt(filepath.Join(dir, file.Name()))
		if ok && !strings.HasPrefix(file.Name(), ".") {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b source) int { return strings.Compare(a.path, b.path) })
	return list, err
}
