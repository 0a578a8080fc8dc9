package config

import (
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// read takes what a table has into the keys; the file itself is the table "".
func (l *loader) read(f *tomlFile, table string, items map[string]toml.Primitive, keys []key) {
	for name, content := range items {
		at := f.place(content, strings.TrimPrefix(table+"."+name, "."))
		k, ok := find(keys, table, name)
		switch {
		case ok:
			l.set(k, f.value(content), at)
		case slices.Contains(below(keys, table), name):
			l.section(f, at, content, keys)
		case at.key == "collections":
			l.collections(f, at, content)
		default:
			l.report(at.problem(l.elsewhere(table, name, keys), "%s", unknown(table)))
		}
	}
}

// section reads a table that has to be one.
func (l *loader) section(f *tomlFile, at place, content toml.Primitive, keys []key) {
	items, ok := f.items(content)
	if !ok {
		l.report(at.problem("write its keys below a line ["+first(keys, at.key)+"]",
			"expected a section, found %s", found(f.value(content))))
		return
	}
	l.places[at.key] = at
	l.read(f, at.key, items, keys)
}

// below are the names of the keys and sections that a table may have.
func below(keys []key, table string) []string {
	var names []string
	for _, k := range keys {
		rest, ok := strings.CutPrefix("."+k.path(), strings.TrimSuffix("."+table, ".")+".")
		name, _, _ := strings.Cut(rest, ".")
		if ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// first is the first section with keys that is the table or lies in it.
func first(keys []key, table string) string {
	for _, k := range keys {
		if strings.HasPrefix(k.path(), table+".") {
			return k.section
		}
	}
	return table
}

// unknown is the problem of a name that a table does not have.
func unknown(table string) string {
	switch {
	case table == "":
		return "there is no such section or key"
	case table == "ratelimits":
		return "there is no such operation"
	case limitsOfCollection(table):
		return "is not an operation on one collection"
	default:
		return "is not a key of [" + table + "]"
	}
}

// elsewhere is the remedy for it.
func (l *loader) elsewhere(table, name string, keys []key) string {
	if isVariable(name) {
		return name + " belongs in the environment or .env"
	}
	if _, ok := find(keys, table, "cache_"+name); ok {
		return "did you mean cache_" + name + "?"
	}
	for _, k := range slices.Concat(keys, l.keys) {
		if k.name == name {
			return name + " is a key of [" + k.section + "]"
		}
	}
	if limitsOfCollection(table) && slices.Contains(below(l.keys, "ratelimits"), name) {
		return "it can be limited in [ratelimits." + name + "] only"
	}
	names := below(keys, table)
	if table == "" {
		names = append(names, "collections")
	}
	return Meant(name, names)
}

// limitsOfCollection knows the table collections.<name>.ratelimits.
func limitsOfCollection(table string) bool {
	return strings.Count(table, ".") == 2 && strings.HasSuffix(table, ".ratelimits")
}
