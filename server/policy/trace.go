package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hapta/hapta/abi"
)

// traced makes a host call and tells it as a line: what was asked, with values
// called by where they came from, and what came of it. It charges nothing, so
// that a traced call uses the same fuel.
func (c *call) traced(f *abi.Function, do func(*call, stack), s stack) {
	asked := c.asked(f, s)
	given := slices.Clone(s) // the result takes the place of a parameter
	answer := " → trap"
	defer func() { c.input.Trace(asked + answer) }()
	do(c, s)
	for len(c.sources) < len(c.values) {
		c.sources = append(c.sources, cut(asked))
	}
	answer = ""
	if f.Result != abi.None {
		answer = " → " + c.answered(f, given, s)
	}
}

// asked is the call, as a policy's author would write it.
func (c *call) asked(f *abi.Function, s stack) string {
	if f.Name == "verdict" {
		return c.decided(s)
	}
	args := c.arguments(f, s)
	switch f.Name {
	case "root":
		return args[0]
	case "get":
		return args[0] + "." + args[1]
	case "get_text", "at":
		return args[0] + "[" + args[1] + "]"
	}
	return f.Name + "(" + strings.Join(args, ", ") + ")"
}

// decided is a verdict, with the status that it stands for.
func (c *call) decided(s stack) string {
	kind := abi.Verdict(s.u32(0))
	parts := []string{"verdict", kind.String()}
	if code := s.u32(1); code != 0 {
		parts = append(parts, entry(c.interned().codes, code))
	}
	if status := statusOf(kind, int(int32(s.u32(2)))); status != 0 {
		parts = append(parts, strconv.Itoa(status))
	}
	if s.u32(4) > 0 {
		parts = append(parts, c.passed(s.u32(3), s.u32(4)))
	}
	return strings.Join(parts, " ")
}

// arguments reads what the guest passes, right or wrong: what is wrong traps
// once the call is made.
func (c *call) arguments(f *abi.Function, s stack) (args []string) {
	for i, name := range f.Names {
		switch {
		case name == "other":
			args = append(args, tellers[f.Names[0]](c, s.u32(i)))
		case name == "number":
			args = append(args, strconv.FormatFloat(s.f64(i), 'g', -1, 64))
		case name == "ptr" && f.Names[i+1] == "len":
			args = append(args, c.passed(s.u32(i), s.u32(i+1)))
		case tellers[name] != nil:
			args = append(args, tellers[name](c, s.u32(i)))
		}
	}
	return args
}

// answered is what came of a call.
func (c *call) answered(f *abi.Function, given, s stack) string {
	switch f.Name {
	case "root", "get", "get_text", "at", "key", "relation", "first_in", "first_not_in":
		return c.value(s.u32(0)).shown(c)
	case "boolean", "equals", "equals_text", "equals_name", "contains", "contains_text", "glob", "blank":
		return strconv.FormatBool(s.u32(0) != 0)
	case "where_null", "where_bool", "where_number", "where_text", "where_value", "all_of", "any_of":
		return c.condition(s.u32(0))
	case "kind":
		return abi.Kind(s.u32(0)).String()
	case "modifier":
		return abi.Modifier(s.u32(0)).String()
	case "number":
		return strconv.FormatFloat(s.f64(0), 'g', -1, 64)
	case "integer", "now":
		return strconv.FormatInt(int64(s[0]), 10)
	case "read":
		if size, room := int32(s.u32(0)), given.u32(2); size > 0 && uint32(size) > room {
			return fmt.Sprintf("%d bytes, and there is room for %d", size, room)
		}
		return c.value(given.u32(0)).shown(c)
	}
	return strconv.Itoa(int(int32(s.u32(0))))
}
