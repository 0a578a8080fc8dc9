package gateway

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/cache"
)

// What PocketBase sees of a request's headers, as the caller and as superuser.
func TestHeadersThatReachTheDatabase(t *testing.T) {
	w := newWorld(t)
	user, token := w.user("a@example.com", nil)
	s, _ := w.session(token)
	sent := map[string]string{
		"Authorization": "Bearer evil", "X-Custom": "kept", "Accept-Language": "de", "User-Agent": "test",
		"X-Hapta-Caller": "users/evil", "X_Hapta_Caller": "users/evil", "x.hapta.caller": "users/evil", "X--Hapta-Caller": "users/evil",
		"X-Hapta-Caller-": "users/evil", "_X-Hapta--Caller": "users/evil", "XHapta-Caller": "users/evil", "X-Hapta-Admin-Key": "evil",
		"X-Forwarded-For": "evil", "X_Forwarded_For": "evil", "x.forwarded.for": "evil", "X--Forwarded--For": "evil", "X-Forwarded-Host": "evil",
		"X-Forwarded-Proto": "evil", "X-Real-Ip": "evil", "X__Real_IP": "evil", "Forwarded": "for=evil", "Cf-Connecting-Ip": "evil",
		"True-Client-Ip": "evil", "Fly-Client-Ip": "evil", "X-Client-Ip": "evil", "Cookie": "evil=1", "Proxy-Authorization": "evil",
		"Connection": "keep-alive, X-Named", "X-Named": "evil", "Upgrade": "evil", "Te": "evil", "Transfer-Encoding": "evil", "Host": "evil",
	}
	f := func(policies map[string]string, settings Settings, token, authorization, caller string, custom bool) {
		t.Helper()
		w.use(policies, settings)
		for _, q := range []ask{{op: list}, {op: create, body: map[string]any{"title": "x"}}} {
			q.collection, q.token, q.header = "notes", token, sent
			reached := seenByDatabase(func() { w.ask(q).is(200, "") })
			if len(reached) == 0 {
				t.Fatal("nothing reached PocketBase")
			}
			client := reached[0] // the others are the gateway's own reads
			for _, r := range reached {
				if (r.Superuser && r.Header.Get("X-Custom") != "") || strings.Contains(strings.Join(values(r.Header), " "), "evil") {
					t.Errorf("%v: PocketBase sees %v", q.op, r.Header)
				}
			}
			if got := client.Header.Get("Authorization"); authorization != "superuser" && got != authorization {
				t.Errorf("%v: PocketBase sees the token %q; want %q", q.op, got, authorization)
			}
			if client.Superuser != (authorization == "superuser") {
				t.Errorf("%v: superuser %t", q.op, client.Superuser)
			}
			told := client.Superuser && (q.op != list || settings.CollectionCache["notes"].Mode != cache.Shared)
			if got, there := client.Folded["x_hapta_caller"]; there != told || told && got != caller {
				t.Errorf("%v: hooks are told of the caller %q (%t); want %q", q.op, got, there, caller)
			}
			if (client.Header.Get("X-Custom") == "kept" && client.Folded["accept_language"] == "de") != custom {
				t.Errorf("%v: PocketBase sees %v", q.op, client.Header)
			}
		}
	}
	script := map[string]string{"notes": "script"}
	f(nil, byRules(), token, s.Upstream, "", true)
	f(nil, byRules(), "", "", "", true)
	f(script, byRules(), token, s.Upstream, "", true)
	f(script, byRules(), "", "", "", true)
	f(script, alone("notes"), token, "superuser", "users/"+user.Id, false)
	f(script, alone("notes"), "", "superuser", "", false)
	for _, mode := range []cache.Mode{cache.Identity, cache.Off} { // nobody else is given what they are
		own := alone("notes")
		own.CollectionCache = map[string]cache.Collection{"notes": {Mode: mode}}
		f(script, own, token, "superuser", "users/"+user.Id, false)
	}
}

func values(h http.Header) (out []string) {
	for _, v := range h {
		out = append(out, v...)
	}
	return out
}

// Signing in and out of the way of records strips the same.
func TestHeadersOfASignIn(t *testing.T) {
	w := newWorld(t)
	w.account("users", "a@example.com", nil)
	p := w.passage(ask{
		body:   map[string]any{"identity": "a@example.com", "password": password},
		header: map[string]string{"X_Hapta_Caller": "evil", "X-Forwarded-For": "evil", "Authorization": "evil", "X-Custom": "kept"},
	})
	reached := seenByDatabase(func() { w.read(w.SignIn(t.Context(), p, "users", "auth-with-password")).is(200, "") })
	if h := reached[0].Header; strings.Contains(strings.Join(values(h), " "), "evil") || h.Get("X-Custom") != "kept" {
		t.Errorf("PocketBase sees %v", h)
	}
}

// A rule may read what a client sends along; a policy's query parameters reach
// it too, and reach a superuser's request not at all.
func TestParametersThatReachTheDatabase(t *testing.T) {
	w := newWorld(t)
	f := func(settings Settings, want string) {
		t.Helper()
		w.use(map[string]string{"notes": "script"}, settings)
		reached := seenByDatabase(func() {
			w.ask(ask{op: list, collection: "notes", query: "custom=1&fields=id&page=1"}).is(200, "")
		})
		if got := reached[0].Query; got != want {
			t.Errorf("PocketBase is asked for %q; want %q", got, want)
		}
	}
	f(byRules(), "custom=1&page=1")
	f(alone("notes"), "page=1")
}

// A body that nothing judged goes nowhere as superuser.
func TestBodiesThatReachTheDatabase(t *testing.T) {
	w := newWorld(t)
	f := func(settings Settings, op abi.Operation, want int) {
		t.Helper()
		w.use(map[string]string{"notes": "script"}, settings)
		q := ask{op: op, collection: "notes", body: map[string]any{"sent": "by a client"}}
		if op != list {
			q.id = w.record("notes", nil).Id
		}
		reached := seenByDatabase(func() { w.ask(q) })
		bodies := 0
		for _, r := range reached {
			bodies += len(r.Body)
		}
		if bodies != want {
			t.Errorf("%v: PocketBase sees %v", op, reached)
		}
	}
	for _, op := range []abi.Operation{list, view, remove} {
		f(byRules(), op, 1)
		f(alone("notes"), op, 0)
	}
}
