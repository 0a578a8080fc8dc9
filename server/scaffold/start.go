package scaffold

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/pocketbase"
)

// start is what a new policy is about. What decides is who a record belongs to:
// the user that it relates to, the record itself where it is a user, or else
// whoever has signed in.
type start struct {
	Collection   string
	Placeholders bool // no database was there to name the fields
	ReadOnly     bool // a view of PocketBase's

	Users    string   // the collection of whoever owns records; "" when nobody does
	UsersID  string   // its id
	Owner    string   // the relation to the owner; "" where users own themselves
	Text     string   // a field that has to be filled in; "" for none
	Editable []string // what an owner may change
	All      []string // what the collection has
	Dropped  []string // and what of it is dropped from what clients send
}

// plain is what manifests and filters may name, and called what a collection may be.
var (
	plain  = regexp.MustCompile(`^[A-Za-z_]\w*$`)
	called = regexp.MustCompile(`^[A-Za-z0-9]\w{0,63}$`)
)

func startOf(schema *pocketbase.Schema, collection string) (*start, error) {
	if schema == nil {
		return placeholders(collection)
	}
	c := schema.Find(collection)
	switch {
	case c == nil:
		return nil, mistaken("there is no collection %q: %s", collection, config.Meant(collection, collectionsOf(schema)))
	case c.IsSystem():
		return nil, mistaken("%s is a system collection, which PocketBase alone decides about", c.Name)
	case c.Opaque != nil:
		return nil, mistaken("the collection %s is of a kind that this version does not understand: %w", c.Name, c.Opaque)
	}
	s := &start{Collection: c.Name, ReadOnly: c.IsView(), Dropped: droppedOf(c)}
	if c.IsAuth() {
		s.Users, s.UsersID = c.Name, c.ID()
	}
	for _, f := range c.Fields {
		s.add(schema, c, f)
	}
	return s, nil
}

// add takes a field in.
func (s *start) add(schema *pocketbase.Schema, c *pocketbase.Collection, f core.Field) {
	s.All = append(s.All, f.GetName())
	if !editable(f) {
		return
	}
	if owner := ownerOf(schema, f); owner != nil && s.Users == "" && plain.MatchString(f.GetName()) {
		s.Users, s.UsersID, s.Owner = owner.Name, owner.ID(), f.GetName()
		return
	}
	s.Editable = append(s.Editable, f.GetName())
	text, ok := f.(*core.TextField)
	if ok && s.Text == "" && text.AutogeneratePattern == "" {
		s.Text = f.GetName()
	}
}

// editable fields are those that users fill in. Of PocketBase's own, a user may
// change the password and whether the address is shown.
func editable(f core.Field) bool {
	if _, ok := f.(*core.AutodateField); ok {
		return false
	}
	own := []string{core.FieldNamePassword, core.FieldNameEmailVisibility}
	return slices.Contains(own, f.GetName()) || !f.GetSystem() && !f.GetHidden()
}

// ownerOf returns the collection of users that the field names one of, or nil.
func ownerOf(schema *pocketbase.Schema, f core.Field) *pocketbase.Collection {
	relation, ok := f.(*core.RelationField)
	if !ok || relation.MaxSelect > 1 {
		return nil
	}
	target := schema.Find(relation.CollectionId)
	if target == nil || !target.IsAuth() || target.IsSystem() {
		return nil
	}
	return target
}

func collectionsOf(schema *pocketbase.Schema) (names []string) {
	for _, c := range schema.All() {
		if !c.IsSystem() {
			names = append(names, c.Name)
		}
	}
	return names
}

func placeholders(collection string) (*start, error) {
	if strings.HasPrefix(collection, "_") {
		return nil, mistaken("%q is no collection that a policy is begun for: those with a _ in front are PocketBase's own", collection)
	}
	if !called.MatchString(collection) {
		return nil, mistaken("%q names no collection: use letters, digits and _", collection)
	}
	return &start{
		Collection: collection, Placeholders: true,
		Users: "users", UsersID: "users", Owner: "owner", Text: "title",
		Editable: []string{"title", "text"}, All: []string{"id", "owner", "title", "text"},
	}, nil
}
