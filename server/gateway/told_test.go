package gateway

import (
	"regexp"
	"strings"
	"testing"
)

// What a policy knows besides records, in the form that abi/SPEC.md gives it.
func TestWhatPoliciesAreTold(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	r, token := w.user("teller@example.com", nil)

	f := func(token, want string) {
		t.Helper()
		a := w.ask(ask{
			op: create, collection: "notes", query: "do=create:tell", token: token,
			body: map[string]any{"title": "told"}, header: map[string]string{"User-Agent": "tests", "X-Other": "x"},
		}).is(403, "told_to")
		if !regexp.MustCompile("^" + want + "$").MatchString(a.detail) {
			t.Errorf("told %q; want %q", a.detail, want)
		}
	}
	request := " create notes 192.0.2.7 tests"
	f("", "a guest"+request)
	f(token, `\w+ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z `+r.Id+request)
}

// In development a refusal tells what the policy asked; elsewhere nobody learns
// what is in records by being refused.
func TestRefusalsExplainThemselvesInDevelopment(t *testing.T) {
	w := newWorld(t)
	for _, explain := range []bool{true, false} {
		settings := byRules()
		settings.Explain = explain
		w.use(map[string]string{"notes": "script"}, settings)
		for range 2 { // also when the policy's answer is remembered
			a := w.ask(ask{op: create, collection: "notes", query: "do=create:refuse", body: map[string]any{"title": "x"}}).is(403, "told_to")
			if told := strings.Contains(a.body, `"trace":[`) && strings.Contains(a.body, "verdict refuse told_to 403"); told != explain {
				t.Errorf("explain %t: %s", explain, a.body)
			}
		}
	}
}
