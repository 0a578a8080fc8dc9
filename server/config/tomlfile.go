package config

import (
	"errors"

	"github.com/BurntSushi/toml"
)

// tomlFile gives the values of a decoded file with their lines.
type tomlFile struct {
	name string
	meta toml.MetaData
}

func (f *tomlFile) value(p toml.Primitive) any {
	v, _ := f.probe(p)
	return v
}

func (f *tomlFile) place(p toml.Primitive, key string) place {
	_, line := f.probe(p)
	if items, ok := f.items(p); ok && line == 0 { // of [a.b] alone, a is written nowhere
		for name, item := range items {
			if at := f.place(item, key+"."+name).line; line == 0 || at > 0 && at < line {
				line = at
			}
		}
	}
	return place{f.name, line, key}
}

// items are the keys of a table; false: it is none.
func (f *tomlFile) items(p toml.Primitive) (map[string]toml.Primitive, bool) {
	if _, ok := f.value(p).(map[string]any); !ok {
		return nil, false
	}
	var items map[string]toml.Primitive
	err := f.meta.PrimitiveDecode(p, &items)
	return items, err == nil
}

// probe looks at one value. The decoder knows every value's line and tells it
// only in an error, so the probe takes the value and fails.
func (f *tomlFile) probe(p toml.Primitive) (any, int) {
	var v probe
	err := f.meta.PrimitiveDecode(p, &v)
	var at toml.ParseError
	errors.As(err, &at)
	return v.value, at.Position.Line
}

type probe struct{ value any }

var errProbe = errors.New("probe")

func (p *probe) UnmarshalTOML(v any) error {
	p.value = v
	return errProbe
}
