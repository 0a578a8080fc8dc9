package scaffold

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hapta/hapta/server/config"
)

// always are of every record, fields of the collection or not.
var always = []string{"id", "collectionId", "collectionName"}

// checkSpelling holds what a policy in Rust declares under `fields` against the
// collection. The compiler has found by then what is spelt otherwise elsewhere.
func (s source) checkSpelling(out io.Writer) error {
	path := s.path
	if filepath.Ext(path) != s.language.extension {
		path = filepath.Join(path, "src", "lib.rs")
	}
	collection := filepath.Base(s.stem())
	names, err := notedFields(filepath.Dir(s.path), collection)
	if names == nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil // Cargo.toml may name another file
	}
	faults := misspelt(string(text), names)
	for _, f := range faults {
		before := string(text[:f.at])
		_, err := fmt.Fprintf(out, "%s:%d:%d: %s has no field %q in .hapta/schema/%s.json: %s\n", path,
			strings.Count(before, "\n")+1, f.at-strings.LastIndex(before, "\n"), collection, f.name, collection, config.Meant(f.name, names))
		if err != nil {
			return err
		}
	}
	if len(faults) > 0 {
		return mistaken("%s does not compile", s.path)
	}
	return nil
}

// misspelt are the fields that the collection lacks, as they come.
func misspelt(text string, names []string) (faults []*rustField) {
	source := readRust(text)
	fields := source.fields()
	source.note(fields)
	for _, f := range fields {
		if !has(names, f.name) && (f.own || !f.elsewhere) {
			faults = append(faults, f)
		}
	}
	slices.SortFunc(faults, func(a, b *rustField) int { return a.at - b.at })
	return faults
}

// has tells whether a name is among the collection's. Of a path like author.name,
// the first one has to be.
func has(names []string, name string) bool {
	if i := strings.IndexAny(name, ".:"); i >= 0 {
		name = name[:i]
	}
	return slices.Contains(always, name) || slices.Contains(names, name) || strings.Contains(name, "_via_")
}
