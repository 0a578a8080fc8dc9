package differential

import (
	"fmt"
	"regexp"
	"testing"
)

// theme is a PocketBase, both kinds of Hapta, and what was found of them.
type theme struct {
	*testing.T
	plain  *side
	haptas []*side
	pairs  map[*side]*pairs
}

// newTheme starts all sides and signs everybody in. Variables are for Hapta.
func newTheme(t *testing.T, environ ...string) *theme {
	t.Helper()
	th := &theme{T: t, plain: newPocketBase(t), haptas: []*side{newEmbedded(t, environ...), newRemote(t, environ...)}, pairs: map[*side]*pairs{}}
	for _, h := range th.haptas {
		th.pairs[h] = newPairs()
	}
	for _, s := range append(th.haptas, th.plain) {
		s.answers = map[string]answer{}
		s.tokens = map[caller]string{expired: data.expired, garbage: "garbage"}
		s.tokens[user] = s.signIn(t, "users")
		s.tokens[client] = s.signIn(t, "clients")
	}
	return th
}

// signIn goes through the side's own door.
func (s *side) signIn(t *testing.T, collection string) string {
	t.Helper()
	const name = "signing in"
	s.answers[name] = s.ask(t, request{
		path: "/api/collections/" + collection + "/auth-with-password",
		body: fmt.Sprintf(`{"identity":"test@example.com","password":%q}`, password),
	})
	if a := s.answers[name]; a.status != 200 {
		t.Fatalf("%s signs nobody in: %d %s", s.name, a.status, a.body)
	}
	return s.filled(t, "{{"+name+": token}}")
}

// themes are all requests. Those of a theme come one after another, to the same
// databases; each theme has databases of its own.
var themes = map[string]func() []request{
	"records read": recordsRead, "records write": recordsWrite, "multipart": multiparts, "batch": batch, "files": files,
	"auth": auth, "realtime": realtime, "accounts": accounts, "malformed": malformed, "methods": methods, "paths": paths,
}

func TestTransparent(t *testing.T) {
	for name, requests := range themes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newTheme(t).run(requests())
		})
	}
}

func (th *theme) run(requests []request) {
	th.Helper()
	for _, r := range requests {
		if _, twice := th.plain.answers[r.name]; twice {
			th.Errorf("there are two cases %q", r.name)
		}
		th.compare(r)
	}
}

var idInText = regexp.MustCompile(`[a-z0-9]{15}`)

func (th *theme) compare(r request) {
	th.Helper()
	want := th.plain.ask(th.T, r)
	th.plain.answers[r.name] = want
	ids := idInText.FindAllString(r.path+r.body[:min(len(r.body), 1000)], -1) // the rest is filling
	for _, h := range th.haptas {
		pairs := th.pairs[h]
		for _, id := range ids {
			pairs.known[id] = true // the client's own choice, so it has to come back
		}
		got := h.ask(th.T, r)
		h.answers[r.name] = got
		th.judge(r.name, h, want, got, pairs.differences(want, got))
	}
}
