package author

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// fields are those of the policy's collection, as policy new and policy build
// note them beside the policies; nil: they are not known.
func (u unit) fields() ([]string, error) {
	dir := filepath.Join(filepath.Dir(string(u)), ".hapta", "schema")
	notes, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, mistake("the noted fields of collections cannot be read: %v", err)
	}
	for _, note := range notes {
		if !strings.EqualFold(note.Name(), u.name()+".json") {
			continue
		}
		path := filepath.Join(dir, note.Name())
		text, err := readFile(path)
		var names []string
		if err == nil {
			err = json.Unmarshal(text, &names)
		}
		if err != nil {
			return nil, mistake("%s is no list of field names: %v; remove it, and fields are not checked", path, err)
		}
		return names, nil
	}
	return nil, nil
}

// dropUnknown takes out of what comes in what the collection has no field for,
// and says so: the server drops it before it asks the policy.
func (t *Tools) dropUnknown(cases *Cases, one *Case) {
	if cases.fields == nil {
		return
	}
	one.incoming = slices.DeleteFunc(one.incoming, func(f field) bool {
		unknown := !slices.Contains(cases.fields, f.name)
		if unknown {
			_, _ = fmt.Fprintf(t.Err, "%s:%d: %s has no field %q, so what comes in for it is dropped, as by the server\n", cases.source.file, one.line, cases.collection, f.name)
		}
		return unknown
	})
}
