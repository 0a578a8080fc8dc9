package pocketbase

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// Collection is one of PocketBase's own collections. It is read only.
type Collection struct {
	*core.Collection
	// Opaque says why this version cannot understand the collection: it then
	// has an id, a name and a type, and no fields. nil for all others.
	Opaque error

	raw    []byte // what changes when the collection does
	hidden []string
}

func newCollection(c *core.Collection, raw []byte) *Collection {
	out := &Collection{Collection: c, raw: raw}
	for _, f := range c.Fields {
		if f.GetHidden() {
			out.hidden = append(out.hidden, f.GetName())
		}
	}
	return out
}

func newCollectionFromJSON(who identity, raw json.RawMessage) *Collection {
	c := &core.Collection{}
	err := json.Unmarshal(raw, c)
	if err == nil && c.Type != core.CollectionTypeBase && c.Type != core.CollectionTypeAuth && c.Type != core.CollectionTypeView {
		err = errors.New("unknown collection type " + c.Type)
	}
	if err == nil {
		return newCollection(c, raw)
	}
	c = &core.Collection{}
	c.Id, c.Name, c.Type, c.System = who.ID, who.Name, who.Type, who.System
	return &Collection{Collection: c, Opaque: err, raw: raw}
}

// ID is the collection's stable name, which PocketBase takes wherever it takes
// the name.
func (c *Collection) ID() string { return c.Id }

// IsSystem tells whether the collection is PocketBase's own, such as
// _superusers.
func (c *Collection) IsSystem() bool { return c.System }

// HiddenFields names the fields that PocketBase shows to superusers only, in
// schema order. The slice is shared.
func (c *Collection) HiddenFields() []string { return c.hidden }

// IsHidden tells whether the field is one of HiddenFields.
func (c *Collection) IsHidden(name string) bool { return slices.Contains(c.hidden, name) }

// IsDropped tells whether what a client sends for the field is dropped, as
// PocketBase drops what is hidden (apis/record_crud.go); a password has to come.
func (c *Collection) IsDropped(name string) bool {
	return c.IsHidden(name) && !(c.IsAuth() && name == core.FieldNamePassword)
}

// Field returns the field of that exact name, or nil.
func (c *Collection) Field(name string) core.Field { return c.Fields.GetByName(name) }

// FileFields lists the file fields in schema order; their Protected says
// whether a file token is asked for.
func (c *Collection) FileFields() []*core.FileField {
	var out []*core.FileField
	for _, f := range c.Fields {
		if file, ok := f.(*core.FileField); ok {
			out = append(out, file)
		}
	}
	return out
}

// RelationField returns the id of the collection that the field relates to,
// and whether it is a relation field at all.
func (c *Collection) RelationField(name string) (target string, ok bool) {
	relation, ok := c.Field(name).(*core.RelationField)
	if !ok {
		return "", false
	}
	return relation.CollectionId, true
}
