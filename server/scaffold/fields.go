package scaffold

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hapta/hapta/server/pocketbase"
)

// Every name of a field that a policy writes out is held against a list in
// .hapta/schema, and a misspelt one is told what it was meant to be: by the
// compiler of the TypeScript SDK, and here for Rust, whose compiler holds the
// rules to what `fields:` declares. That catches names in the manifest too, where
// they have to be written out, and leaves policies as the README shows them;
// generated constants would do neither.

// writeFields notes the fields of a collection, and which of them are dropped
// from what clients send: policy test and eval drop them as well.
func writeFields(dir, collection string, names, dropped []string) (paths []string, err error) {
	for _, note := range []struct {
		name   string
		fields []string
	}{{collection + ".json", names}, {collection + ".hidden.json", dropped}} {
		content, err := json.Marshal(append([]string{}, note.fields...)) // none is a list, too
		if err != nil {
			return nil, err
		}
		path := filepath.Join(dir, hidden, "schema", note.name)
		if err := writeFile(path, append(content, '\n'), 0o644); err != nil {
			return nil, fmt.Errorf("the fields of %s cannot be noted: %w", collection, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// droppedOf are the fields that are dropped from what clients send.
func droppedOf(c *pocketbase.Collection) []string {
	return slices.DeleteFunc(c.Fields.FieldNames(), func(name string) bool { return !c.IsDropped(name) })
}

// notedFields are the noted ones of a collection; nil when none are.
func notedFields(dir, collection string) (names []string, err error) {
	path := filepath.Join(dir, hidden, "schema", collection+".json")
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the noted fields of %s cannot be read: %w", collection, err)
	}
	if err := json.Unmarshal(content, &names); err != nil || names == nil {
		return nil, mistaken("%s is no list of field names: without that file, names are not checked", path)
	}
	return names, nil
}

// RefreshFields notes the fields that collections have by now, of those whose
// fields are noted in the folder of policies.
func RefreshFields(dir string, schema *pocketbase.Schema) error {
	entries, err := os.ReadDir(filepath.Join(dir, hidden, "schema"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the noted fields of collections cannot be read: %w", err)
	}
	for _, entry := range entries {
		collection, isNote := strings.CutSuffix(entry.Name(), ".json")
		c := schema.Find(collection)
		if !isNote || c == nil || c.Name != collection || c.Opaque != nil {
			continue
		}
		if _, err := writeFields(dir, collection, c.Fields.FieldNames(), droppedOf(c)); err != nil {
			return err
		}
	}
	return nil
}
