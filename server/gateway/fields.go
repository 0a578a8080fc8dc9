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
func fileValue(field core.Field, names []string) json.RawMessage {
	var value any = names
	if file, ok := field.(*core.FileField); ok && !file.IsMultiple() {
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
