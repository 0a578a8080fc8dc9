package author

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/filter"
)

// differences are the members in which a decision is not what was expected, a
// line each; none when it is.
func differences(want, got Outcome) (lines []string) {
	differ := func(member string, same bool, want, got string) {
		if !same {
			lines = append(lines, fmt.Sprintf("%-8s expected %s, got %s", member, want, got))
		}
	}
	differ("verdict", want.Verdict == got.Verdict, want.Verdict, got.Verdict)
	differ("code", want.Code == got.Code, told(want.Code), told(got.Code))
	differ("status", want.Status == 0 || want.Status == got.Status, strconv.Itoa(want.Status), strconv.Itoa(got.Status))
	differ("message", want.Message == "" || want.Message == got.Message, strconv.Quote(want.Message), strconv.Quote(got.Message))
	for _, name := range slices.Sorted(maps.Keys(union(want.Effects, got.Effects))) {
		w, g := want.Effects[name], got.Effects[name]
		differ("effects", sameJSON(w, g), effect(name, w), effect(name, g))
	}
	differ("unset", sameNames(want.Unset, got.Unset), list(want.Unset), list(got.Unset))
	differ("masks", sameNames(want.Masks, got.Masks), list(want.Masks), list(got.Masks))
	differ("filter", sameFilter(want.Filter, got.Filter), told(want.Filter), told(got.Filter))
	if len(lines) > 0 && got.Fault != "" {
		lines = append(lines, "because  "+got.Fault)
	} else if len(lines) > 0 && got.Message != "" && want.Message == "" {
		lines = append(lines, "because  "+got.Message)
	}
	return lines
}

// undeclared are codes that are expected and that the policy cannot give.
func undeclared(want []Outcome, declared []string) (lines []string) {
	faults := []string{abi.FaultTrapped, abi.FaultOutOfFuel, abi.FaultOutOfMemory, abi.FaultInvalid}
	for _, o := range want {
		if o.Code == "" || slices.Contains(declared, o.Code) || slices.Contains(faults, o.Code) {
			continue
		}
		line := fmt.Sprintf("         the policy's manifest declares no code %s; %s", o.Code, config.Meant(o.Code, declared))
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

func union(a, b map[string]json.RawMessage) map[string]json.RawMessage {
	both := map[string]json.RawMessage{}
	maps.Copy(both, a)
	maps.Copy(both, b)
	return both
}

func told(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

func effect(name string, value json.RawMessage) string {
	if value == nil {
		return "nothing for " + name
	}
	return name + " = " + string(value)
}

func list(names []string) string { return told(strings.Join(names, ", ")) }

func sameNames(a, b []string) bool {
	return slices.Equal(slices.Compact(slices.Sorted(slices.Values(a))), slices.Compact(slices.Sorted(slices.Values(b))))
}

func sameJSON(a, b json.RawMessage) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// sameFilter takes spaces, quotes and outer parentheses for what they are.
func sameFilter(want, got string) bool {
	if want == "" || got == "" {
		return want == got
	}
	return want == got || normal(want) == normal(got) || normal("("+want+")") == normal(got)
}

func normal(text string) string {
	n, err := filter.Parse(text)
	if err != nil {
		return text
	}
	return n.String()
}
