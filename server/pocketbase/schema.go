package pocketbase

import (
	"crypto/sha256"
	"encoding/json"
	"strings"
)

// Schema is an immutable snapshot of all collections.
type Schema struct {
	all    []*Collection
	byID   map[string]int
	byName map[string]int // by lower-cased name
	digest [sha256.Size]byte
}

// newSchema takes the collections in PocketBase's own order.
func newSchema(all []*Collection) *Schema {
	s := &Schema{all: all, byID: map[string]int{}, byName: map[string]int{}}
	hash := sha256.New()
	for i, c := range all {
		if _, taken := s.byID[c.Id]; !taken {
			s.byID[c.Id] = i
		}
		if name := strings.ToLower(c.Name); s.byName[name] == 0 {
			s.byName[name] = i + 1
		}
		hash.Write(c.raw)
		hash.Write([]byte{'\n'})
	}
	hash.Sum(s.digest[:0])
	return s
}

// Digest is of all that the schema says.
func (s *Schema) Digest() [sha256.Size]byte { return s.digest }

// All lists the collections in PocketBase's own order. The slice is shared.
func (s *Schema) All() []*Collection { return s.all }

// Find returns the collection that PocketBase would find: by its id exactly or
// by its name in any case, and the first in PocketBase's order where one's
// name is another's id. It returns nil when there is none.
func (s *Schema) Find(nameOrID string) *Collection {
	id, hasID := s.byID[nameOrID]
	name := s.byName[strings.ToLower(nameOrID)] - 1
	switch {
	case hasID && (name < 0 || id <= name):
		return s.all[id]
	case name >= 0:
		return s.all[name]
	}
	// PocketBase folds case as Unicode does: there, ſ is an s.
	for _, c := range s.all {
		if strings.EqualFold(c.Name, nameOrID) {
			return c
		}
	}
	return nil
}

// identity reads what every collection has, whatever else it holds.
type identity struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	System bool   `json:"system"`
}

// parseCollection reads one collection of PocketBase's API. One that this
// version does not understand becomes opaque.
func parseCollection(raw json.RawMessage) (*Collection, error) {
	var who identity
	if err := json.Unmarshal(raw, &who); err != nil {
		return nil, err
	}
	return newCollectionFromJSON(who, raw), nil
}
