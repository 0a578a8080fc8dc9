package policy

import (
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/hapta/hapta/abi"
)

// sdk is a library that policies are written with: what its public API has for
// what vectors do. An error is the reason why it has nothing.
type sdk interface {
	words() *words
	// value is a result where any value is asked for.
	value(r result) string
	// field is a name that a host call is passed.
	field(s *saying, f *abi.Function, name string) (string, error)
	// verdict is one to return; of undeclared codes there is one, "undeclared".
	verdict(s *saying, kind abi.Verdict, code string, status int, message string) (string, error)
	// wrong is the condition on which a step has gone wrong.
	wrong(st step, expression string) (string, error)
}

// words are what an SDK calls things. Patterns are those of fmt.
type words struct {
	name, extension string // of its policies' sources
	source          *template.Template

	root, nothing string            // a root; a value that is absent
	calls         map[string]string // host functions; %[1]s and so on are the arguments
	comparisons   []string          // of a field with a value, in the ABI's order
	ofNull        []string          // with null
	several       string            // what begins those of which one value is enough

	text  func(string) string
	zeros string // a text of zeros
	index func(int) string

	indent     string
	bind, drop string // a statement that keeps a result, or does not
	when, fail string // how a condition begins; what refuses
	ofRecord   string // how the condition begins that the record has this id
	last       string // a verdict at a function's end
	exists     string // of what a handle stands for
}

// source is the policy that says the vectors of a file.
type source struct {
	File   string
	Said   []*saying // by number, which the clock tells
	Fields []string
	Sets   [][]string

	sdk  sdk
	left []string
}

func sourceOf(f vectorFile, by sdk) *source {
	p := &source{File: f.name, sdk: by, Fields: []string{"author", "count", "flag", "bio", "email", "post", "tags"}}
	for _, v := range f.vectors {
		s := p.say(v)
		if s.Lines != nil {
			p.Said = append(p.Said, s)
		}
		for _, why := range s.left {
			p.left = append(p.left, p.name()+": "+why)
		}
	}
	// Whoever asks the clock for its number is told the number 0.
	slices.SortStableFunc(p.Said, func(a, b *saying) int { return asksClock(b) - asksClock(a) })
	return p
}

func asksClock(s *saying) int {
	if slices.ContainsFunc(s.Steps, func(st step) bool { return st.Do == "now" }) {
		return 1
	}
	return 0
}

func (p *source) name() string { return p.File + "_" + p.sdk.words().name }

func (p *source) text() (string, error) {
	var b strings.Builder
	err := p.sdk.words().source.Execute(&b, p)
	return b.String(), err
}

// Clock is when the vector 0 is asked.
func (p *source) Clock() int64 { return clock.UnixMilli() }

// handler is one of a policy, with the numbers of its vectors.
type handler struct {
	Operation string
	Numbers   []int
}

func (p *source) Handlers() (list []handler) {
	for o := abi.OperationList; o.Known(); o++ {
		h := handler{Operation: o.String()}
		for n, s := range p.Said {
			if s.Operation == h.Operation {
				h.Numbers = append(h.Numbers, n)
			}
		}
		if h.Numbers != nil {
			list = append(list, h)
		}
	}
	return list
}

// set is what the policy calls a set of fields.
func (p *source) set(names []any) string {
	set := []string{}
	for _, n := range names {
		set = append(set, n.(string))
	}
	i := slices.IndexFunc(p.Sets, func(other []string) bool { return slices.Equal(set, other) })
	if i < 0 {
		p.Sets = append(p.Sets, set)
		i = len(p.Sets) - 1
	}
	p.mention(set...)
	return fmt.Sprintf("set%d", i)
}

func (p *source) mention(names ...string) {
	for _, name := range names {
		if !slices.Contains(p.Fields, name) {
			p.Fields = append(p.Fields, name)
		}
	}
}

// What the manifest of every vector declares.
var declaredCodes = []string{"failed", "other"}

// declaredFor are the fields that the manifest lets a host call name; it has to
// let those alone that change something or follow it.
func declaredFor(function string) (fields []string, has bool) {
	switch {
	case needed[function] == "set":
		return []string{"author", "count", "flag"}, true
	case function == "mask":
		return []string{"bio", "email"}, true
	case function == "relation":
		return []string{"post", "tags"}, true
	}
	return nil, false
}

// wrong is what is the same in every language.
func (w *words) wrong(st step, x string) (string, error) {
	if st.Reads != nil {
		x, is := fmt.Sprintf(w.calls["equals_text"], x, w.text(*st.Reads)), 1
		return w.unless(x, is), nil
	}
	is := int(mustFloat(st.Is))
	switch st.Do {
	case "root", "get", "get_text", "at", "key", "relation", "first_in", "first_not_in":
		if is != 0 {
			return "", unsaidID
		}
		return fmt.Sprintf(w.exists, x), nil
	case "equals", "equals_text", "equals_name", "contains", "contains_text", "glob", "blank", "boolean":
		return w.unless(x, is), nil
	}
	return x + " != " + st.Is.String(), nil
}

func (w *words) unless(x string, is int) string {
	switch {
	case is == 0:
		return x
	case strings.Contains(x, " "):
		return "!(" + x + ")"
	}
	return "!" + x
}
