package pocketbase

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// setAll returns what PocketBase stores for all keys of a field, and refuses
// those for which that is left to chance.
func (r *resolver) setAll(field core.Field, keys []given) (json.RawMessage, error) {
	slices.SortFunc(keys, func(a, b given) int {
		return cmp.Or(cmp.Compare(len(a.key), len(b.key)), strings.Compare(a.key, b.key))
	})
	var out json.RawMessage
	for _, order := range orders(keys) {
		value, err := r.set(field, order...)
		if err != nil {
			return nil, err
		}
		if out != nil && !bytes.Equal(out, value) {
			return nil, unordered(field.GetName(), keys)
		}
		out = value
	}
	return out, nil
}

// orders are those in which PocketBase may apply keys, which are sorted by length:
// it takes shorter ones first, and equally long ones as Go's map happens to hand
// them out (Record.ReplaceModifiers in core/record_model.go).
func orders(keys []given) (all [][]given) {
	if len(keys) == 0 {
		return [][]given{nil}
	}
	for i, first := range keys {
		if len(first.key) > len(keys[0].key) {
			break
		}
		for _, rest := range orders(slices.Delete(slices.Clone(keys), i, i+1)) {
			all = append(all, append([]given{first}, rest...))
		}
	}
	return all
}

func unordered(name string, keys []given) error {
	var modified []string
	for _, g := range keys {
		if g.modifier != ModifierNone {
			modified = append(modified, g.key)
		}
	}
	return &FieldError{Field: name, Repeated: true, Reason: fmt.Sprintf(
		"is changed by %s in one request, and which comes first decides what is stored; send them one after another", strings.Join(modified, " and "))}
}
