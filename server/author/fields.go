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

// noted are fields of the policy's collection, as policy new and policy build
// note them beside the policies: all of them in the collection's .json, and those
// that are dropped from what clients send in its .hidden.json; nil: not known.
func (u unit) noted(extension string) ([]string, error) {
	dir := filepath.Join(filepath.Dir(string(u)), ".hapta", "schema")
	notes, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, mistake("the noted fields of collections cannot be read: %v", err)
	}
	for _, note := range notes {
		if !strings.EqualFold(note.Name(), u.name()+extension) {
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

// know reads what is noted of the policy's collection.
func (c *Cases) know(u unit) (err error) {
	if c.fields, err = u.noted(".json"); err != nil {
		return err
	}
	c.hidden, err = u.noted(".hidden.json")
	return err
}

// drop takes out of what comes in what the server drops before it asks the
// policy, and says so.
func (t *Tools) drop(cases *Cases, one *Case) {
	one.incoming = slices.DeleteFunc(one.incoming, func(f field) bool {
		why := ""
		switch {
		case slices.Contains(cases.hidden, f.name):
			why = fmt.Sprintf("the field %q of %s is hidden", f.name, cases.collection)
		case cases.fields != nil && !slices.Contains(cases.fields, f.name):
			why = fmt.Sprintf("%s has no field %q", cases.collection, f.name)
		default:
			return false
		}
		_, _ = fmt.Fprintf(t.Err, "%s:%d: %s, so what comes in for it is dropped, as by the server\n", cases.source.file, one.line, why)
		return true
	})
}
