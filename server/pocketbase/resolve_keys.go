package pocketbase

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// given is a key of a body that means a field.
type given struct {
	key, modifier string
	value         any
}

// assign sorts the keys of a body by the field that each means, by the index of
// that field, and returns the rest.
func (c *Collection) assign(body map[string]any) ([][]given, map[string]any) {
	out := make([][]given, len(c.Fields))
	var extras map[string]any
	for key, value := range body {
		i, modifier := c.fieldOf(key)
		if i < 0 {
			if extras == nil {
				extras = map[string]any{}
			}
			extras[key] = value
			continue
		}
		out[i] = append(out[i], given{key, modifier, value})
	}
	return out, extras
}

// FieldOf returns the name of the field that a key of a body means, and the
// modifier it carries: "tags" and ModifierAppend for "tags+". It asks
// PocketBase's own field, for not every type has every modifier; the name is
// empty when the key is no field's.
func (c *Collection) FieldOf(key string) (name, modifier string) {
	i, modifier := c.fieldOf(key)
	if i < 0 {
		return "", ""
	}
	return c.Fields[i].GetName(), modifier
}

func (c *Collection) fieldOf(key string) (index int, modifier string) {
	name, modifier := SplitKey(key)
	for i, field := range c.Fields {
		switch field.GetName() {
		case key: // names have no modifiers in them, but who knows
			return i, ModifierNone
		case name:
			if setters, ok := field.(core.SetterFinder); ok && setters.FindSetter(key) != nil {
				return i, modifier
			}
		}
	}
	return -1, ""
}

// SplitKey takes the modifier off a key, whether or not a field has it.
func SplitKey(key string) (name, modifier string) {
	if name, ok := strings.CutSuffix(key, ModifierAutogenerate); ok {
		return name, ModifierAutogenerate
	}
	if name, ok := strings.CutSuffix(key, "+"); ok {
		return name, ModifierAppend
	}
	if name, ok := strings.CutSuffix(key, "-"); ok {
		return name, ModifierRemove
	}
	if name, ok := strings.CutPrefix(key, "+"); ok {
		return name, ModifierPrepend
	}
	return key, ModifierNone
}
