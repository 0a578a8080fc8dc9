package pocketbase

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/dbutils"
)

// MaxDepth is how many relations PocketBase follows in one path.
const MaxDepth = 6

// backRelation matches comments_via_post as PocketBase does: the last _via_
// parts collection and field.
var backRelation = regexp.MustCompile(`^(\w+)_via_(\w+)$`)

// olderBack matches comments(post), which PocketBase still expands like
// comments_via_post (core/record_query_expand.go).
var olderBack = regexp.MustCompile(`^(\w+)\((\w+)\)$`)

// Step is one name in a path.
type Step struct {
	// Collection is the one whose field is named. In a back relation it is the
	// collection that relates here.
	Collection *Collection
	Field      string
	// Crossed tells whether Collection is reached through a relation, be it
	// that it is the one the path began in.
	Crossed bool
}

// ResolvePath returns the collections that a path of a filter or a sort crosses
// into, such as the users for author.name on posts; the collection itself only
// if a relation leads back into it. Modifiers and paths into JSON cross into
// nothing. Names are exact but for the collection in a back relation. A path
// that PocketBase could not follow is an error.
//
// An expansion crosses into what its path and any field behind it cross into:
// author is judged as author.id.
func (c *Collection) ResolvePath(s *Schema, path string) ([]*Collection, error) {
	steps, err := c.Steps(s, path)
	if err != nil {
		return nil, err
	}
	var crossed []*Collection
	for _, step := range steps {
		if step.Crossed {
			crossed = append(crossed, step.Collection)
		}
	}
	return crossed, nil
}

// Steps returns every field that a path of a filter or a sort names, and in
// which collection.
func (c *Collection) Steps(s *Schema, path string) ([]Step, error) {
	names := strings.Split(path, ".")
	at, crossed := c, false
	var steps []Step
	for i, name := range names[:len(names)-1] {
		if isJSON(at.Field(name)) {
			return append(steps, Step{at, name, crossed}), nil
		}
		if i >= MaxDepth {
			return nil, fmt.Errorf("%q follows more than %d relations", path, MaxDepth)
		}
		relation, err := at.Relation(s, name)
		if err != nil {
			return nil, fmt.Errorf("%q cannot be followed: %w", path, err)
		}
		step := at.step(relation)
		step.Crossed = step.Crossed || crossed
		steps = append(steps, step)
		at, crossed = relation.Target, true
	}
	last, err := withoutModifier(names[len(names)-1])
	if err == nil && at.Field(last) == nil {
		err = fmt.Errorf("%s has no field %q", at.Name, last)
	}
	if err != nil {
		return nil, fmt.Errorf("%q cannot be followed: %w", path, err)
	}
	return append(steps, Step{at, last, crossed}), nil
}

func isJSON(field core.Field) bool {
	switch field.(type) {
	case *core.JSONField, *core.GeoPointField:
		return true
	}
	return false
}

// Relation is what one name of a path leads along.
type Relation struct {
	Target *Collection // where it leads
	Field  string      // the relation field, of the target's if Back
	Back   bool        // comments_via_post: the target relates here
	Many   bool        // may lead to several records
}

// Relation returns where a name leads, be it a relation field of the collection
// or a back relation to it.
func (c *Collection) Relation(s *Schema, name string) (Relation, error) {
	if field := c.Field(name); field != nil {
		relation, ok := field.(*core.RelationField)
		if !ok {
			return Relation{}, fmt.Errorf("%q of %s is no relation", name, c.Name)
		}
		target := s.Find(relation.CollectionId)
		if target == nil || target.Opaque != nil {
			return Relation{}, fmt.Errorf("the collection that %q of %s relates to is not known", name, c.Name)
		}
		return Relation{Target: target, Field: name, Many: relation.IsMultiple()}, nil
	}
	parts := backRelation.FindStringSubmatch(name)
	if parts == nil {
		parts = olderBack.FindStringSubmatch(name)
	}
	if parts == nil {
		return Relation{}, fmt.Errorf("%s has no field %q", c.Name, name)
	}
	source := s.Find(parts[1])
	if source == nil {
		return Relation{}, fmt.Errorf("there is no collection %q", parts[1])
	}
	if target, ok := source.RelationField(parts[2]); !ok || target != c.Id {
		return Relation{}, fmt.Errorf("%q of %s does not relate to %s", parts[2], source.Name, c.Name)
	}
	_, unique := dbutils.FindSingleColumnUniqueIndex(source.Indexes, parts[2])
	return Relation{Target: source, Field: parts[2], Back: true, Many: !unique}, nil
}

// step is the field that following a relation names.
func (c *Collection) step(r Relation) Step {
	if r.Back {
		return Step{Collection: r.Target, Field: r.Field, Crossed: true}
	}
	return Step{Collection: c, Field: r.Field}
}

// withoutModifier takes :lower and the like off the last name.
func withoutModifier(name string) (string, error) {
	base, modifier, found := strings.Cut(name, ":")
	if !found {
		return name, nil
	}
	switch modifier {
	case "each", "length", "lower", "isset", "changed":
		return base, nil
	}
	return "", fmt.Errorf("%q has an unknown modifier", name)
}
