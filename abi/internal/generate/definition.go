package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// definition is hapta_v1.toml in the order in which it is written.
type definition struct {
	module, manifest string
	headers          []string
	enums            []enum
	phasesOf         map[string][]string // by operation
	exports          []export
	faults           []pair[string]
	limits           []pair[int64]
	functions        []function
}

type pair[T any] struct {
	name  string
	value T
}

// enum is a table of numbered names; doc is one line for its type.
type enum struct {
	name, doc string
	values    []pair[int64]
}

type export struct {
	name     string
	Phase    string
	Params   []string
	Required bool
	Doc      string
}

type function struct {
	name   string
	Phases []string
	Params []string
	Result string
	Doc    string
}

// call stands for every phase but init in a function's phases.
var call = []string{"filter", "before", "record", "page"}

type raw struct {
	Module, Manifest                                                string
	Headers                                                         []string
	Operations                                                      map[string]operation
	Phases, Reasons, Kinds, Roots, Modifiers, Verdicts, Comparisons map[string]int64
	Exports                                                         map[string]export
	Faults                                                          map[string]string
	Limits                                                          map[string]int64
	Functions                                                       map[string]function
}

type operation struct {
	Value  int64
	Phases []string
}

func load(path string) (*definition, error) {
	var r raw
	meta, err := toml.DecodeFile(path, &r)
	if err != nil {
		return nil, err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("%s: unknown key %s", path, unknown[0])
	}
	order := func(table string) (names []string) {
		for _, key := range meta.Keys() {
			if len(key) == 2 && key[0] == table {
				names = append(names, key[1])
			}
		}
		return names
	}
	d := &definition{module: r.Module, manifest: r.Manifest, headers: r.Headers, phasesOf: map[string][]string{}}
	operations := map[string]int64{}
	for name, o := range r.Operations {
		operations[name] = o.Value
		d.phasesOf[name] = o.Phases
	}
	for _, e := range []struct {
		name, table, doc string
		values           map[string]int64
	}{
		{"Phase", "phases", "when a policy runs", r.Phases},
		{"Operation", "operations", "what a client wants to do", operations},
		{"Reason", "reasons", "why a policy is asked", r.Reasons},
		{"Kind", "kinds", "what a value is", r.Kinds},
		{"Root", "roots", "a value that a call starts from", r.Roots},
		{"Modifier", "modifiers", "how an incoming field changes the stored one", r.Modifiers},
		{"Verdict", "verdicts", "what a policy decides", r.Verdicts},
		{"Comparison", "comparisons", "an operator of PocketBase's filters", r.Comparisons},
	} {
		d.enums = append(d.enums, enum{e.name, e.doc, pairs(order(e.table), e.values)})
	}
	d.faults = pairs(order("faults"), r.Faults)
	d.limits = pairs(order("limits"), r.Limits)
	for _, name := range order("exports") {
		e := r.Exports[name]
		e.name = name
		d.exports = append(d.exports, e)
	}
	for _, name := range order("functions") {
		f := r.Functions[name]
		f.name = name
		if i := slices.Index(f.Phases, "call"); i >= 0 {
			f.Phases = slices.Replace(f.Phases, i, i+1, call...)
		}
		d.functions = append(d.functions, f)
	}
	return d, nil
}

func pairs[T any](names []string, values map[string]T) []pair[T] {
	list := make([]pair[T], len(names))
	for i, name := range names {
		list[i] = pair[T]{name, values[name]}
	}
	return list
}

// camel turns signed_in into SignedIn.
func camel(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "_") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}
