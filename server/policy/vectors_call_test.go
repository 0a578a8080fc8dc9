package policy

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hapta/hapta/abi"
)

// given is what a handler's argument has beside what that of each has.
var given = map[string][]string{
	"list": {"narrow"}, "view": {"stored", "mask"}, "create": {"incoming", "set"},
	"update": {"stored", "incoming", "set"}, "delete": {"stored"},
}

// needed is what a host call needs of that, if anything.
var needed = map[string]string{
	"set_null": "set", "set_bool": "set", "set_number": "set", "set_text": "set", "set_value": "set", "unset": "set",
	"mask": "mask", "narrow": "narrow",
}

// call makes an expression of a host call, and tells what kind of value it has.
func (s *saying) call(st step) (expression, kind string, err error) {
	f, _ := abi.FunctionNamed(st.Do)
	if what := needed[f.Name]; what != "" && !slices.Contains(given[s.Operation], what) {
		return "", "", unsaidHere
	}
	if f.Name == "root" {
		return s.root(abi.Root(st.Args[0].(float64)))
	}
	pattern, known := s.sdk.words().calls[f.Name]
	if !known {
		return "", "", unsaidCall
	}
	args, err := s.arguments(f, st)
	if err != nil {
		return "", "", err
	}
	kind = kindOfResult(f)
	switch {
	case f.Name == "relation" && strings.HasPrefix(string(s.Relations[nameIn(st.Args[1])]), "["):
		kind, pattern = "records", s.sdk.words().calls["relation to several"]
	case f.Name == "size" && s.isOf("records", st.Args[0]):
		pattern = s.sdk.words().calls["size of records"]
	}
	return fmt.Sprintf(pattern, args...), kind, nil
}

func (s *saying) isOf(kind string, a any) bool {
	name, ok := a.(string)
	return ok && s.results[name[1:]].kind == kind
}

func kindOfResult(f *abi.Function) string {
	switch {
	case f.Name == "relation":
		return "record"
	case strings.HasPrefix(f.Name, "where_"), f.Name == "all_of", f.Name == "any_of":
		return "node"
	}
	return "value"
}

// root is what the handler's argument has for a root.
func (s *saying) root(r abi.Root) (expression, kind string, err error) {
	switch {
	case r == 0 || !r.Known():
		return "", "", unsaidID
	case r >= abi.RootStored && !slices.Contains(given[s.Operation], r.String()):
		return "", "", unsaidHere
	}
	kind = map[abi.Root]string{abi.RootCaller: "caller", abi.RootStored: "record", abi.RootIncoming: "incoming"}[r]
	if kind == "" {
		kind = "value"
	}
	return fmt.Sprintf(s.sdk.words().root, r), kind, nil
}

// arguments are those of a host call as the SDK's function takes them.
func (s *saying) arguments(f *abi.Function, st step) (list []any, err error) {
	args := st.Args
	for _, name := range f.Names {
		if name == "len" || name == "cap" {
			continue // the text or the room before has it
		}
		var said string
		if name == "ptr" {
			said, args, err = s.memory(f, st, args)
		} else {
			said, err = s.argument(f, name, args[0])
			args = args[1:]
		}
		if err != nil {
			return nil, err
		}
		list = append(list, said)
	}
	return list, nil
}

// memory is an argument that says where in memory something is.
func (s *saying) memory(f *abi.Function, st step, args []any) (said string, rest []any, err error) {
	w := s.sdk.words()
	a, ok := args[0].(map[string]any)
	switch {
	case f.Name == "read":
		if room, _ := a["room"].(float64); !ok || st.Is != nil && mustFloat(st.Is) > room {
			return "", nil, unsaidMemory
		}
		return "", args[1:], nil
	case ok:
		said, err = textOfArgument(a)
		return w.text(said), args[1:], err
	case args[0] != 0.0:
		return "", nil, unsaidMemory
	}
	return fmt.Sprintf(w.zeros, int(args[1].(float64))), args[2:], nil // memory that nothing was written to
}

func (s *saying) argument(f *abi.Function, parameter string, a any) (string, error) {
	switch n, isNumber := a.(float64); {
	case parameter == "index":
		return s.sdk.words().index(int(n)), nil
	case parameter == "number":
		return fmt.Sprint(a.(map[string]any)["f64"]), nil
	case parameter == "comparison":
		return s.comparison(f, int(n))
	case parameter == "bool":
		if n > 1 {
			return "", unsaidBoolean
		}
		return fmt.Sprint(n == 1), nil
	case isNumber:
		return s.zero(f, parameter, n)
	}
	switch a := a.(type) {
	case string:
		r, known := s.results[a[1:]]
		if !known {
			return "", unsaidTurn
		}
		return s.result(f, r)
	case map[string]any:
		if names, ok := a["set"].([]any); ok {
			return s.policy.set(names), nil
		}
	}
	return s.sdk.field(s, f, nameIn(a))
}

func nameIn(a any) string {
	m, _ := a.(map[string]any)
	name, _ := m["name"].(string)
	return name
}

// zero is the absent value: no other number is for policies to say.
func (s *saying) zero(f *abi.Function, parameter string, n float64) (string, error) {
	isHandle := parameter == "handle" || parameter == "other" && f.Names[0] == "handle"
	if n != 0 || !isHandle {
		return "", unsaidID
	}
	switch f.Name {
	case "modifier", "first_in", "first_not_in":
		return "", unsaidIncoming
	case "relation":
		if s.Caller != nil {
			return "", unsaidID
		}
		return fmt.Sprintf(s.sdk.words().root, abi.RootCaller), nil
	}
	return s.sdk.words().nothing, nil
}

// result is what a step before came to.
func (s *saying) result(f *abi.Function, r result) (string, error) {
	switch f.Name {
	case "modifier", "first_in", "first_not_in":
		if r.kind != "incoming" {
			return "", unsaidIncoming
		}
		return r.variable, nil
	case "relation":
		if r.kind != "record" && r.kind != "caller" {
			return "", unsaidHere
		}
		return r.variable, nil
	case "get":
		return r.variable, nil
	}
	return s.sdk.value(r), nil
}

func (s *saying) comparison(f *abi.Function, n int) (string, error) {
	c := abi.Comparison(n)
	w := s.sdk.words()
	names := w.comparisons
	if f.Name == "where_null" {
		names = w.ofNull
	}
	several := ""
	if c > abi.ComparisonNotLike {
		several, c = w.several, c-abi.ComparisonNotLike
	}
	if c == 0 || int(c) > len(names) {
		return "", unsaidID
	}
	return several + "." + names[c-1], nil
}

// textOfArgument is what is to be passed by address and length.
func textOfArgument(a map[string]any) (string, error) {
	if text, ok := a["text"].(string); ok {
		return text, nil
	}
	digits, _ := a["bytes"].(string)
	b, err := hex.DecodeString(digits)
	if err != nil || !utf8.Valid(b) {
		return "", unsaidUTF8
	}
	return string(b), nil
}

func mustFloat(n *json.Number) float64 {
	f, err := n.Float64()
	if err != nil {
		panic(err)
	}
	return f
}
