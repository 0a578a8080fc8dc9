package author

import (
	"encoding/json"
	"maps"
	"slices"
)

// ids are those of collections by their names, as far as some caller or record
// that is shared, or the case's own caller, says. Others go by their name: so a
// caller and a record that is related are the same wherever they are written.
func (c *Cases) ids(one *Case) map[string]string {
	ids := map[string]string{}
	note := func(object []byte, collection string) {
		said := struct{ CollectionID, CollectionName string }{CollectionName: collection}
		if json.Unmarshal(object, &said) == nil && said.CollectionID != "" && ids[said.CollectionName] == "" {
			ids[said.CollectionName] = said.CollectionID
		}
	}
	if one.caller != nil {
		note(one.caller, ofCallers)
	}
	for _, name := range slices.Sorted(maps.Keys(c.callers)) {
		note(c.callers[name], ofCallers)
	}
	for _, name := range slices.Sorted(maps.Keys(c.records)) {
		note(c.records[name], c.collection)
	}
	return ids
}
