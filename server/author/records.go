package author

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/config"
)

// resolve is what a name stands for, or the object itself.
func (c *Cases) resolve(value []byte, shared map[string][]byte, what string) ([]byte, error) {
	if value[0] == '{' {
		return value, c.source.fields(value, "it", func(string, []byte) error { return nil })
	}
	var name string
	if err := c.source.into(&name, "an object, or a name of \""+what+"\"")(value); err != nil {
		return nil, err
	}
	object := shared[name]
	if object == nil {
		return nil, c.source.mistake(value, "%q is none of %q; %s", name, what, config.Meant(name, slices.Collect(maps.Keys(shared))))
	}
	return object, nil
}

func (c *Cases) record(to *[]byte) func([]byte) error {
	return func(value []byte) (err error) {
		*to, err = c.resolve(value, c.records, "records")
		return err
	}
}

func (c *Cases) pageOf(one *Case) func([]byte) error {
	return func(value []byte) error {
		err := c.source.items(value, `"page"`, func(value []byte) error {
			record, err := c.resolve(value, c.records, "records")
			one.page = append(one.page, record)
			return err
		})
		if err == nil && len(one.page) == 0 {
			err = c.source.mistake(value, `"page" has no records`)
		}
		return err
	}
}

// relations takes for each a record, or a list of them.
func (c *Cases) relations(one *Case) func([]byte) error {
	return func(value []byte) error {
		return c.source.fields(value, `"relations"`, func(name string, value []byte) error {
			related, err := c.related(value)
			one.relations = append(one.relations, field{name: name, value: related})
			return err
		})
	}
}

func (c *Cases) related(value []byte) ([]byte, error) {
	if value[0] != '[' {
		return c.resolve(value, c.records, "records")
	}
	list := []json.RawMessage{}
	err := c.source.items(value, "it", func(value []byte) error {
		record, err := c.resolve(value, c.records, "records")
		list = append(list, record)
		return err
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(list)
}

// incoming takes fields under the names that a client sends, each with the
// value that results.
func (c *Cases) incoming(one *Case) func([]byte) error {
	return func(value []byte) error {
		return c.source.fields(value, `"incoming"`, func(key string, value []byte) error {
			name, modifier := base(key)
			if slices.ContainsFunc(one.incoming, func(f field) bool { return f.name == name }) {
				return c.source.mistake(value, "the field %q comes in twice", name)
			}
			one.incoming = append(one.incoming, field{name, modifier, value})
			return nil
		})
	}
}

// base parts a field's name from its modifier.
func base(key string) (name string, m abi.Modifier) {
	if name, ok := strings.CutPrefix(key, "+"); ok {
		return name, abi.ModifierPrepend
	}
	for suffix, m := range map[string]abi.Modifier{
		"+": abi.ModifierAppend, "-": abi.ModifierRemove, ":autogenerate": abi.ModifierAutogenerate,
	} {
		if name, ok := strings.CutSuffix(key, suffix); ok {
			return name, m
		}
	}
	return key, abi.ModifierNone
}
