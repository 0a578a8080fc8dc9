package pocketbase

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// NewRecord returns an empty record of the collection.
func (c *Collection) NewRecord() *core.Record { return core.NewRecord(c.Collection) }

// RecordFromJSON reads a record as PocketBase's API shows it into one that
// counts as stored: what is set on it later is a change. Fields that are not
// shown, such as a password, are empty.
func (c *Collection) RecordFromJSON(raw []byte) (*core.Record, error) {
	if c.Opaque != nil {
		return nil, fmt.Errorf("collection %s is not understood: %w", c.Name, c.Opaque)
	}
	var shown map[string]json.RawMessage
	if err := json.Unmarshal(raw, &shown); err != nil {
		return nil, fmt.Errorf("a record of %s is no JSON object: %w", c.Name, err)
	}
	record := c.NewRecord()
	for _, field := range c.Fields {
		value, ok := shown[field.GetName()]
		if !ok {
			continue
		}
		stored, err := storedValue(record, field, value)
		if err != nil {
			return nil, fmt.Errorf("field %s of a record of %s: %w", field.GetName(), c.Name, err)
		}
		// Not Set: it ignores dates that PocketBase sets by itself.
		record.SetRaw(field.GetName(), stored)
	}
	if record.Id == "" {
		return nil, errors.New("a record of " + c.Name + " has no id")
	}
	return record, record.PostScan()
}

func storedValue(record *core.Record, field core.Field, raw json.RawMessage) (any, error) {
	if _, ok := field.(*core.JSONField); ok {
		return types.JSONRaw(raw), nil // a text in it must not be read once more
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return nil, err
	}
	return field.PrepareValue(record, value)
}
