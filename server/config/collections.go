package config

import (
	"regexp"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// collectionName is what PocketBase takes as a collection's name or id.
var collectionName = regexp.MustCompile(`^\w{1,255}$`)

// collections reads [collections], whose sections have the names of collections.
func (l *loader) collections(f *tomlFile, at place, content toml.Primitive) {
	items, ok := f.items(content)
	if !ok {
		l.report(at.problem("write [collections.<name>] above it", "expected a section, found %s", found(f.value(content))))
		return
	}
	for name, content := range items {
		l.collection(f, name, f.place(content, "collections."+name), content)
	}
}

func (l *loader) collection(f *tomlFile, name string, at place, content toml.Primitive) {
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
	var c Collection
	section := "collections." + folded
	l.read(f, section, items, collectionKeys(section, &c))
	l.config.Collections[folded] = c
}

// collectionKeys are the keys of one collection's section.
func collectionKeys(section string, c *Collection) []key {
	all := []key{
		{section, "authority", nil, "", oneOf(&c.Authority, Rules, Policy)},
		{section, "cache", nil, "", oneOf(&c.Cache, Shared, Identity, Off)},
		{section, "cache_ttl", nil, "", span(&c.CacheTTL, time.Second)},
	}
	for _, o := range operations {
		if o.ofCollection {
			all = append(all, limitKeys(section+".ratelimits."+o.name, operation{}, &RateLimit{})...)
		}
	}
	return all
}
