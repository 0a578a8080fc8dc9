package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoPolicy says that there is nothing to remove.
var ErrNoPolicy = errors.New("has no policy")

// Removal says what Remove did.
type Removal struct {
	Files        []string // the files that were removed
	CollectionID string   // the collection that was forgotten; empty: none was remembered
}

// Remove takes a policy away for good, by the name of its collection in any
// case or by the collection's id: what it decided about is then left to the
// database's rules. It is the only way out of "had a policy".
//
// Under the ledger's lock the file goes first and the memory second. Stopped
// in between, the collection is refused, and removing again finishes the work.
// A server that runs beside keeps the policy for a second after its file is
// gone, and then finds neither file nor memory; until then it cannot remember
// the policy anew, for Remember looks for the file under the same lock.
func (l *Ledger) Remove(nameOrID string) (Removal, error) {
	var done Removal
	err := l.change(func(collections map[string]remembered) error {
		id, name := target(collections, nameOrID)
		var err error
		if done.Files, err = removeFiles(l.policies, name); err != nil {
			return err
		}
		if id == "" && len(done.Files) == 0 {
			return fmt.Errorf("%s %w: there is no file for it in %s, and none is remembered",
				nameOrID, ErrNoPolicy, l.policies)
		}
		done.CollectionID = id
		delete(collections, id)
		return nil
	})
	if err != nil {
		return Removal{}, err
	}
	return done, nil
}

// target is the collection that is meant, if one is remembered, and the name
// of its policy's file, if it has one of its own.
func target(collections map[string]remembered, nameOrID string) (id, name string) {
	if r, ok := collections[nameOrID]; ok {
		if r.Former {
			return nameOrID, ""
		}
		return nameOrID, r.Name
	}
	for id, r := range collections {
		if !r.Former && strings.EqualFold(r.Name, nameOrID) {
			return id, r.Name
		}
	}
	return "", nameOrID
}

func removeFiles(dir, name string) ([]string, error) {
	files, err := policyFiles(dir, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the folder of policies cannot be read, so nothing was removed: %w", err)
	}
	for i, file := range files {
		files[i] = filepath.Join(dir, file)
		if err := os.Remove(files[i]); err != nil {
			return nil, fmt.Errorf("a policy file cannot be removed: %w: remove it by hand, then try again", err)
		}
	}
	return files, nil
}

// policyFiles are the names of a collection's policy files in a folder: one,
// or more that differ in case, or none.
func policyFiles(dir, name string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if stem, ok := stem(entry.Name()); ok && stem == strings.ToLower(name) && !entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}
