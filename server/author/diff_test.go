package author

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestDifferences(t *testing.T) {
	f := func(want, got Outcome, lines ...string) {
		t.Helper()
		if found := differences(want, got); !slices.Equal(found, lines) {
			t.Errorf("differences are\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(lines, "\n"))
		}
	}
	effects := func(name, value string) Outcome {
		return Outcome{Verdict: "allow", Effects: map[string]json.RawMessage{name: json.RawMessage(value)}}
	}
	allow := Outcome{Verdict: "allow"}
	refuse := Outcome{Verdict: "refuse", Code: "no", Status: 403, Message: "not so"}
	f(allow, allow)
	f(Outcome{Verdict: "refuse", Code: "no"}, refuse)
	f(refuse, refuse)
	f(allow, refuse, "verdict  expected allow, got refuse", "code     expected nothing, got no", "because  not so")
	f(Outcome{Verdict: "refuse"}, refuse, "code     expected nothing, got no", "because  not so")
	f(Outcome{Verdict: "refuse", Code: "no", Status: 400, Message: "so"}, refuse,
		"status   expected 400, got 403", `message  expected "so", got "not so"`)
	f(allow, Outcome{Verdict: "refuse", Code: "policy_trapped", Fault: "unreachable"},
		"verdict  expected allow, got refuse", "code     expected nothing, got policy_trapped", "because  unreachable")

	f(effects("n", "1"), effects("n", "1.0"))
	f(effects("n", `{"a":1,"b":[]}`), effects("n", `{"b":[], "a":1}`))
	f(effects("n", "null"), effects("n", "null"))
	f(effects("n", "null"), allow, "effects  expected n = null, got nothing for n")
	f(allow, effects("n", `"x"`), `effects  expected nothing for n, got n = "x"`)
	f(effects("n", "1"), effects("m", "1"), "effects  expected nothing for m, got m = 1", "effects  expected n = 1, got nothing for n")

	f(Outcome{Verdict: "allow", Masks: []string{"a", "b"}}, Outcome{Verdict: "allow", Masks: []string{"b", "a"}})
	f(Outcome{Verdict: "allow", Masks: []string{"a"}}, allow, "masks    expected a, got nothing")
	f(allow, Outcome{Verdict: "allow", Unset: []string{"a", "b"}}, "unset    expected nothing, got a, b")

	filter := func(text string) Outcome { return Outcome{Verdict: "allow", Filter: text} }
	f(filter("a=1"), filter("a = 1"))
	f(filter(`a = "x" || b = 2`), filter("(a = 'x' || b = 2)"))
	f(filter("(a = 'x' || b = 2)"), filter("(a = 'x' || b = 2)"))
	f(filter("a = 1"), filter("a = 2"), "filter   expected a = 1, got a = 2")
	f(filter("a = "), filter("a = 2"), "filter   expected a = , got a = 2")
	f(allow, filter("a = 2"), "filter   expected nothing, got a = 2")
}
