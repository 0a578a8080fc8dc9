package gateway

import (
	"encoding/json"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/pocketbase"
)

func isFile(c *pocketbase.Collection, name string) bool {
	_, ok := c.Field(name).(*core.FileField)
	return ok
}

// fieldIndex is the place of a field in the schema.
func fieldIndex(c *pocketbase.Collection, name string) int {
	return slices.IndexFunc(c.Fields, func(f core.Field) bool { return f.GetName() == name })
}

// fileValue is the value of a file field that holds these names.
func fileValue(c *pocketbase.Collection, name string, names []string) json.RawMessage {
	var value any = names
	if file, ok := c.Field(name).(*core.FileField); ok && !file.IsMultiple() {
		value = ""
		if len(names) > 0 {
			value = names[len(names)-1] // PocketBase keeps the last of several
		}
	}
	out, err := json.Marshal(value)
	if err != nil { // texts always encode
		panic(err)
	}
	return out
}

// maxUpload is what the fields of a collection may add to a body, in bytes.
func maxUpload(c *pocketbase.Collection) int64 {
	var sum int64
	for _, f := range c.Fields {
		if sized, ok := f.(core.MaxBodySizeCalculator); ok {
			sum += sized.CalculateMaxBodySize()
		}
	}
	return sum
}

// relation is the collection that a relation field points into.
func relation(s *pocketbase.Schema, c *pocketbase.Collection, name string) (target *pocketbase.Collection, multiple, ok bool) {
	field, ok := c.Field(name).(*core.RelationField)
	if !ok {
		return nil, false, false
	}
	for _, other := range s.All() {
		if other.Id == field.CollectionId {
			return other, field.IsMultiple(), true
		}
	}
	return nil, false, false
}
