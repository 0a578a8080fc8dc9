package pocketbase

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// Cascades lists the ids of the collections of which a delete in c may change records,
// beside the deleted one. PocketBase unsets what relates to a deleted record, or
// deletes it too, and then what relates to that (core/record_model.go,
// cascadeRecordDelete).
func (c *Collection) Cascades(s *Schema) (ids []string) {
	deleted := []*Collection{c}
	for i := 0; i < len(deleted); i++ {
		for _, other := range s.all {
			changes, deletes := other.follows(deleted[i])
			if changes && !slices.Contains(ids, other.Id) {
				ids = append(ids, other.Id)
			}
			if deletes && !slices.Contains(deleted, other) {
				deleted = append(deleted, other)
			}
		}
	}
	return ids
}

// follows tells whether records of c may be changed when one of another collection is
// deleted, and whether they may be deleted.
func (c *Collection) follows(other *Collection) (changes, deletes bool) {
	switch {
	case c.IsView():
		return false, false
	case c.Opaque != nil: // it may relate to anything
		return true, true
	case other.IsAuth() && slices.Contains(ofAccounts, c.Name):
		return true, true
	}
	for _, field := range c.Fields {
		relation, ok := field.(*core.RelationField)
		if !ok || relation.CollectionId != other.Id || refusesDelete(relation) {
			continue
		}
		changes, deletes = true, deletes || relation.CascadeDelete
	}
	return changes, deletes
}

// ofAccounts are what PocketBase keeps for a record of an auth collection, without a
// relation to it (core/auth_origin_model.go, recordRefHooks).
var ofAccounts = []string{
	core.CollectionNameAuthOrigins, core.CollectionNameExternalAuths, core.CollectionNameMFAs, core.CollectionNameOTPs,
}

// refusesDelete tells whether what the relation leads to cannot be deleted before it is
// changed.
func refusesDelete(r *core.RelationField) bool {
	return r.Required && !r.CascadeDelete && !r.IsMultiple()
}
