package gateway

import (
	"regexp"
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
