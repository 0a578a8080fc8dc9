package config

import (
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
)

// collectionName is what PocketBase takes as a collection's name or id.
var collectionName = regexp.MustCompile(`^\w{1,255}$`)

// collection reads one [collections.<name>] section.
func (l *loader) collection(f *tomlFile, name string, content toml.Primitive) {
	at := f.place(content, "collections."+name)
	items, ok := f.items(content)
	if !ok {
		l.report(at.problem("write [collections.<name>] above it", "expected a section, found %s", found(f.value(content))))
		return
	}
	if !collectionName.MatchString(name) {
		l.report(at.problem("use the collection's name or id", "is not a collection's name"))
		return
	}
	folded := strings.ToLower(name)
	if _, twice := l.config.Collections[folded]; twice {
		l.report(at.problem("keep one of them", "the collection %s has two sections, since names are the same in any case", folded))
		return
	}
	l.config.Collections[folded] = l.settings(f, name, items)
}

func (l *loader) settings(f *tomlFile, name string, items map[string]toml.Primitive) Collection {
	var c Collection
	authority := oneOf(&c.Authority, Rules, Policy)
	for item, content := range items {
		at, v := f.place(content, "collections."+name+"."+item), f.value(content)
		switch {
		case item != "authority":
			l.report(at.problem(Meant(item, []string{"authority"}), "is not a key of [collections.<name>]"))
		case !authority.store(v):
			l.report(at.problem("", "expected %s, found %s", authority.expected, found(v)))
		}
	}
	return c
}
