package author

import (
	"errors"
	"slices"

	"github.com/hapta/hapta/server/config"
)

// Cases are what a policy is held to: questions, each with the decision that it
// is to bring, and the callers and records that they share.
type Cases struct {
	source     *source
	collection string            // that the policy is named after
	callers    map[string][]byte // JSON by name
	records    map[string][]byte
	fields     []string // of the collection; nil: not known
	hidden     []string // of those what clients send is dropped; nil: not known
	list       []*Case
}

func parseCases(file, collection string, text []byte) (*Cases, error) {
	s, err := newSource(file, text)
	if err != nil {
		return nil, err
	}
	c := &Cases{source: s, collection: collection, callers: map[string][]byte{}, records: map[string][]byte{}}
	var list []byte
	err = s.object(s.text[start(s.text):], "the file", members{
		"callers": c.shared(c.callers, "callers"),
		"records": c.shared(c.records, "records"),
		"cases":   func(value []byte) error { list = value; return nil }, // when all that is shared is known
	})
	if err != nil {
		return nil, err
	}
	if list == nil {
		return nil, mistake(`%s: it has no "cases"`, file)
	}
	var wrong []error // of each case its first mistake
	err = s.items(list, `"cases"`, func(value []byte) error {
		wrong = append(wrong, c.add(value))
		return nil
	})
	return c, errors.Join(append(wrong, err)...)
}

// start is where the first value of a text begins.
func start(text []byte) int {
	return max(0, slices.IndexFunc(text, func(b byte) bool { return b > ' ' }))
}

func (c *Cases) shared(into map[string][]byte, what string) func([]byte) error {
	return func(value []byte) error {
		return c.source.fields(value, `"`+what+`"`, func(name string, object []byte) error {
			into[name] = object
			return c.source.fields(object, name, func(string, []byte) error { return nil })
		})
	}
}

func (c *Cases) add(value []byte) error {
	one, err := c.parse(value)
	if err != nil {
		return err
	}
	switch {
	case one.name == "":
		return c.source.mistake(value, `the case has no "name"`)
	case one.want == nil:
		return c.source.mistake(value, `%q has no "expect"`, one.name)
	case slices.ContainsFunc(c.list, func(other *Case) bool { return other.name == one.name }):
		return c.source.mistake(value, "there are two cases with the name %q", one.name)
	}
	c.list = append(c.list, one)
	return nil
}

// find is the case with a name.
func (c *Cases) find(name string) (*Case, error) {
	var names []string
	for _, one := range c.list {
		if one.name == name {
			return one, nil
		}
		names = append(names, `"`+one.name+`"`)
	}
	return nil, mistake("%s has no case %q; %s", c.source.file, name, config.Meant(`"`+name+`"`, names))
}
