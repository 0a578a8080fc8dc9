package gateway

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
)

const (
	toSuccess = "../_/#/auth/oauth2-redirect-success"
	toFailure = "../_/#/auth/oauth2-redirect-failure"
	urlForm   = "application/x-www-form-urlencoded"
)

// sentBack is where a popup goes that comes back from a provider.
func (w *world) sentBack(method string, q ask, status int) string {
	w.Helper()
	return w.read(w.OAuth2Redirect(w.Context(), w.passage(q), method)).is(status, "").header.Get("Location")
}

// awaiting is a stream that a sign-in waits on.
func (w *world) awaiting() *stream {
	w.Helper()
	s := w.stream()
	w.subscribe(s, "", "@oauth2").is(204, "")
	return s
}

// brings asserts what the provider is said to have brought to a stream.
func (s *stream) brings(w *world, code, wrong string) {
	w.Helper()
	event, data := s.next(w)
	var brought struct{ State, Code, Error string }
	if err := json.Unmarshal([]byte(data), &brought); err != nil || event != "@oauth2" {
		w.Fatalf("the stream tells %s %s", event, data)
	}
	if brought.State != s.id || brought.Code != code || brought.Error != wrong {
		w.Errorf("the stream %s is told %s", s.id, data)
	}
}

// A code is told to the stream that its sign-in waits on, once, and to no other.
func TestProviderSendsBackToOneStream(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script", "users": "script"}, byRules())
	first, second, unasked := w.awaiting(), w.awaiting(), w.stream()
	w.subscribe(unasked, "", "plain/*").is(204, "")

	back := func(s *stream, code string) ask { return ask{query: query("state", s.id, "code", code)} }
	if to := w.sentBack("GET", back(second, "for the second"), 307); to != toSuccess {
		t.Errorf("the popup goes to %q", to)
	}
	second.brings(w, "for the second", "")
	for _, q := range []ask{back(second, "once more"), back(unasked, "x"), {query: query("state", "none", "code", "x")}, {query: "code=x"}, {}} {
		if to := w.sentBack("GET", q, 307); to != toFailure {
			t.Errorf("%s: the popup goes to %q", q.query, to)
		}
	}
	if to := w.sentBack("POST", ask{body: query("state", first.id, "code", "for the first"), form: urlForm}, 303); to != toSuccess {
		t.Errorf("the popup goes to %q", to)
	}
	first.brings(w, "for the first", "")

	all := []*stream{first, second, unasked}
	for _, s := range all {
		w.subscribe(s, "", "plain/*").is(204, "")
	}
	w.record("plain", map[string]any{"title": "the end"})
	for _, s := range all {
		if event, data := s.next(w); event != "plain/*" {
			t.Errorf("the stream %s is told %s %s as well", s.id, event, data)
		}
	}
}

// What a provider says went wrong is told as well.
func TestProviderSendsBackWithAnError(t *testing.T) {
	w := newWorld(t)
	s := w.awaiting()
	if to := w.sentBack("GET", ask{query: query("state", s.id, "error", "access_denied")}, 307); to != toFailure {
		t.Errorf("the popup goes to %q", to)
	}
	s.brings(w, "", "access_denied")
	s = w.awaiting()
	if to := w.sentBack("POST", ask{body: query("state", s.id, "error", "access_denied"), form: urlForm}, 303); to != toFailure {
		t.Errorf("the popup goes to %q", to)
	}
	s.brings(w, "", "access_denied")
}

// A code counts where it was begun: in the query of a GET, in the body of a POST.
func TestProviderSendsBackInOnePlace(t *testing.T) {
	w := newWorld(t)
	s := w.awaiting()
	whole := query("state", s.id, "code", "x")
	if to := w.sentBack("POST", ask{query: whole}, 303); to != toFailure {
		t.Errorf("a POST is read by its query: %q", to)
	}
	if to := w.sentBack("GET", ask{body: whole, form: urlForm}, 307); to != toFailure {
		t.Errorf("a GET is read by its body: %q", to)
	}
	long := ask{body: whole + "&user=" + strings.Repeat("x", maxSmallBody), form: urlForm}
	w.read(w.OAuth2Redirect(w.Context(), w.passage(long), "POST")).is(413, "body_too_large")
	if to := w.sentBack("POST", ask{body: map[string]any{"state": s.id, "code": "as JSON"}}, 303); to != toSuccess {
		t.Errorf("JSON is not read: %q", to)
	}
	s.brings(w, "as JSON", "")
}

// Who is somewhere else than the sign-in began is not believed, as in PocketBase:
// else a link could have a stranger sign in for somebody.
func TestProviderSendsBackToTheSameAddress(t *testing.T) {
	w := newWorld(t)
	s := w.awaiting()
	p := w.passage(ask{query: query("state", s.id, "code", "x")})
	p.Client = netip.MustParseAddrPort("192.0.2.8:4321")
	if to := w.read(w.OAuth2Redirect(t.Context(), p, "GET")).is(307, "").header.Get("Location"); to != toFailure {
		t.Errorf("the popup goes to %q", to)
	}
}
