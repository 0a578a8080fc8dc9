package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/ratelimit"
)

// rated is byRules with limits by what they are for: that many an hour.
func rated(limits map[string]int) Settings {
	s := byRules()
	s.Rates = map[string]Rate{}
	for name, n := range limits {
		s.Rates[name] = Rate{Limit: n, Every: time.Hour}
	}
	return s
}

func (w *world) list(p *Passage, collection string) answer {
	w.Helper()
	return w.read(w.Serve(w.Context(), &Request{Passage: *p, Operation: list, Collection: collection}))
}

// from is a guest's passage from an address.
func (w *world) from(address string) *Passage {
	w.Helper()
	p := w.passage(ask{})
	p.Client = netip.AddrPortFrom(netip.MustParseAddr(address), 1)
	return p
}

// Everything that can be asked for counts for one limit, and for no other.
func TestWhatIsLimited(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	note := w.record("notes", map[string]any{"title": "x", "docs": []any{upload(t, "a.txt", "a")}})
	user, token := w.user("a@example.com", nil)
	serve := func(q ask) func() answer { return func() answer { return w.ask(q) } }
	passed := func(f func(context.Context, *Passage) (*Response, error)) func() answer {
		return func() answer { return w.read(f(t.Context(), w.passage(ask{body: map[string]any{}}))) }
	}
	asks := map[string]map[string]func() answer{
		"list":   {"a list": serve(ask{op: list, collection: "notes"})},
		"view":   {"a view": serve(ask{op: view, collection: "notes", id: note.Id})},
		"create": {"a create": serve(ask{op: create, collection: "notes", body: map[string]any{"title": "x"}})},
		"update": {"an update": serve(ask{op: update, collection: "notes", id: note.Id, body: map[string]any{"title": "y"}})},
		"delete": {"a delete": serve(ask{op: remove, collection: "notes", id: "missing"})},
		"batch":  {"a batch": passed(func(ctx context.Context, p *Passage) (*Response, error) { return w.Batch(ctx, p, false) })},
		"auth": {
			"a password": func() answer { return w.signIn("users", "a@example.com", password) },
			"a code": passed(func(ctx context.Context, p *Passage) (*Response, error) {
				return w.SignIn(ctx, p, "users", "auth-with-oauth2")
			}),
			"a refresh": passed(func(ctx context.Context, p *Passage) (*Response, error) { return w.Refresh(ctx, p, "users") }),
			"the methods": passed(func(ctx context.Context, p *Passage) (*Response, error) {
				return w.ForwardAuth(ctx, p, http.MethodGet, "users", "auth-methods")
			}),
			"a confirmation": passed(func(ctx context.Context, p *Passage) (*Response, error) {
				return w.Confirm(ctx, p, "users", "confirm-verification")
			}),
			"a redirect": passed(func(ctx context.Context, p *Passage) (*Response, error) {
				return w.OAuth2Redirect(ctx, p, http.MethodGet)
			}),
		},
		"realtime": {
			"a stream": passed(func(ctx context.Context, p *Passage) (*Response, error) {
				ctx, cancel := context.WithCancel(ctx)
				answer, err := w.Realtime(ctx, p)
				cancel()
				if err != nil {
					return nil, err
				}
				return &Response{Status: answer.Status}, answer.Stream.Close()
			}),
			"a subscription": passed(w.Subscribe),
		},
		"files": {
			"a file": passed(func(ctx context.Context, p *Passage) (*Response, error) {
				return w.File(ctx, p, http.MethodGet, "notes", note.Id, note.GetStringSlice("docs")[0])
			}),
			"a token": passed(w.FileToken),
		},
		"passthrough": {
			"an own route": passed(func(ctx context.Context, p *Passage) (*Response, error) {
				return w.Passthrough(ctx, p, http.MethodGet, "/none")
			}),
			"a superusers' route": passed(func(ctx context.Context, p *Passage) (*Response, error) {
				return w.Forward(ctx, p, http.MethodGet, "/api/settings")
			}),
		},
		"default": {
			"the health": passed(w.Health),
			"the sessions": func() answer {
				return w.read(w.Sessions(t.Context(), w.passage(ask{token: token})))
			},
		},
	}
	for limit, those := range asks {
		for name, ask := range those {
			w.limits = ratelimit.NewMemory()
			all := map[string]int{}
			for other := range asks {
				all[other] = 1
			}
			w.use(nil, rated(all))
			if a := ask(); a.status == http.StatusTooManyRequests {
				t.Errorf("%s is refused the first time: %s", name, a.body)
			}
			if a := ask(); a.status != http.StatusTooManyRequests || a.code != "too_many_requests" || !strings.HasPrefix(a.detail, "Limit "+limit+": at most 1 in 1h.") {
				t.Errorf("%s, the second time: %d %s; want it limited as %s", name, a.status, a.body, limit)
			}
			delete(all, limit)
			w.limits = ratelimit.NewMemory()
			w.use(nil, rated(all))
			for range 2 {
				if a := ask(); a.status == http.StatusTooManyRequests {
					t.Errorf("%s counts for another limit than %s: %s", name, limit, a.body)
				}
			}
		}
	}
	// Nothing keeps anybody from signing out.
	w.use(nil, rated(map[string]int{"default": 1, "auth": 1}))
	for range 3 {
		w.read(w.EndSession(t.Context(), w.passage(ask{token: token}), "none")).is(404, "")
		w.read(w.EndSessions(t.Context(), w.passage(ask{token: token}), true)).is(204, "")
	}
	w.read(w.EndSession(t.Context(), w.passage(ask{token: token}), "current")).is(204, "")
	if w.signedIn(token, user.Id) {
		t.Error("they are still signed in")
	}
}

// Guests are held to a limit by where they are, users wherever they are.
func TestWhoIsLimited(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	_, mine := w.user("a@example.com", nil)
	again := w.signIn("users", "a@example.com", password).is(200, "").text("token")
	_, theirs := w.user("b@example.com", nil)
	f := func(first, second *Passage, same bool) {
		t.Helper()
		w.limits = ratelimit.NewMemory()
		w.use(nil, rated(map[string]int{"list": 1}))
		w.list(first, "plain").is(200, "")
		if a := w.list(second, "plain"); (a.code == "too_many_requests") != same {
			t.Errorf("%s %q and %s %q: %d", first.Client, first.Token, second.Client, second.Token, a.status)
		}
	}
	as := func(address, token string) *Passage {
		p := w.from(address)
		p.Token = token
		return p
	}
	f(w.from("192.0.2.1"), w.from("192.0.2.1"), true)
	f(w.from("192.0.2.1"), w.from("192.0.2.2"), false)
	f(w.from("2001:db8::1"), w.from("2001:db8::ffff:1"), true)
	f(w.from("2001:db8::1"), w.from("2001:db8:0:1::1"), false)
	f(w.from("192.0.2.1"), as("192.0.2.1", "nonsense"), true)
	f(w.from("192.0.2.1"), as("192.0.2.1", mine), false)
	f(as("192.0.2.1", theirs), as("192.0.2.1", mine), false)
	f(as("192.0.2.1", mine), as("192.0.2.2", again), true)

	exempt := w.from("192.0.2.1")
	exempt.Exempt = true
	f(exempt, exempt, false)
	f(w.from("192.0.2.1"), exempt, false)
}

func TestCollectionsHaveLimitsOfTheirOwn(t *testing.T) {
	w := newWorld(t)
	s := rated(map[string]int{"list": 2, "create": 5})
	s.CollectionRates = map[string]map[string]Rate{
		"plain": {"list": {Limit: 1, Every: time.Hour}},
		strings.ToLower(db.Schema().Find("notes").Id): {"list": {}},
	}
	w.use(nil, s)
	p := func() *Passage { return w.passage(ask{}) }
	w.list(p(), "plain").is(200, "")
	w.list(p(), "PLAIN").is(429, "too_many_requests")
	for range 5 {
		w.list(p(), "notes").is(200, "")
	}
	w.list(p(), "comments").is(200, "")
	w.list(p(), "comments").is(200, "")
	w.list(p(), "comments").is(429, "too_many_requests")
	for range 5 {
		w.ask(ask{op: create, collection: "plain", body: map[string]any{}}).is(200, "")
	}
	w.ask(ask{op: create, collection: "plain", body: map[string]any{}}).is(429, "too_many_requests")
}

// A batch counts as one, and as each of the writes that it holds; all of them, or
// none.
func TestBatchCountsWhatItContains(t *testing.T) {
	w := newWorld(t)
	batch := func(creates, deletes int) answer {
		t.Helper()
		requests := []any{}
		for range creates {
			requests = append(requests, map[string]any{"method": "POST", "url": "/api/collections/plain/records", "body": map[string]any{}})
		}
		for range deletes {
			id := w.record("plain", nil).Id
			requests = append(requests, map[string]any{"method": "DELETE", "url": "/api/collections/plain/records/" + id})
		}
		return w.read(w.Batch(t.Context(), w.passage(ask{body: map[string]any{"requests": requests}}), false))
	}
	w.use(nil, rated(map[string]int{"create": 5, "delete": 2, "batch": 10}))
	batch(4, 0).is(200, "")
	n := w.count("plain")
	batch(2, 0).is(429, "too_many_requests")
	batch(1, 3).is(400, "batch_over_limit")
	batch(0, 2).is(200, "")
	upsert := map[string]any{"method": "PUT", "url": "/api/collections/plain/records", "body": map[string]any{}}
	w.read(w.Batch(t.Context(), w.passage(ask{body: map[string]any{"requests": []any{upsert, upsert}}}), false)).is(429, "too_many_requests")
	batch(1, 1).is(429, "too_many_requests")
	if got := w.count("plain"); got != n+3+1 { // those that were to be deleted
		t.Errorf("%d records are there, want %d", got, n+4)
	}
	w.ask(ask{op: create, collection: "plain", body: map[string]any{}}).is(200, "") // the refused ones counted for nothing
	w.ask(ask{op: create, collection: "plain", body: map[string]any{}}).is(429, "too_many_requests")
}

// A limit that changes goes on from what was counted, at its own rate.
func TestLimitsChangeWithoutForgetting(t *testing.T) {
	w := newWorld(t)
	w.use(nil, rated(map[string]int{"list": 2}))
	for range 2 {
		w.list(w.passage(ask{}), "plain").is(200, "")
	}
	f := func(limit int, every, want time.Duration) {
		t.Helper()
		s := rated(nil)
		s.Rates["list"] = Rate{Limit: limit, Every: every}
		w.use(nil, s)
		_, err := w.Serve(t.Context(), &Request{Passage: *w.passage(ask{}), Operation: list, Collection: "plain"})
		if e := apierr.From(err); e.Code != apierr.TooManyRequests || e.Wait > want || e.Wait < want-time.Minute {
			t.Errorf("%d in %v: %v, to wait for %v, want %v", limit, every, e, e.Wait, want)
		}
	}
	f(2, time.Hour, 30*time.Minute)
	f(1, time.Hour, time.Hour)
	f(2, time.Minute, 30*time.Second)
	f(2, time.Hour, 30*time.Minute)
	w.use(nil, rated(map[string]int{"list": 4}))
	for range 2 {
		w.list(w.passage(ask{}), "plain").is(200, "")
	}
	w.list(w.passage(ask{}), "plain").is(429, "too_many_requests")
}

// A session does something as often as it may, whatever its token, and another
// session of the same user again; what another limit refuses is no use.
func TestUsesOfASession(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	_, token := w.user("a@example.com", nil)
	s := byRules()
	s.Rates = map[string]Rate{"create": {MaxUses: 2}, "delete": {Limit: 1, Every: time.Hour}}
	s.CollectionRates = map[string]map[string]Rate{"notes": {"create": {MaxUses: 1}}}
	w.use(nil, s)
	make := func(collection, token string) answer {
		t.Helper()
		return w.ask(ask{op: create, collection: collection, token: token, body: map[string]any{}})
	}
	make("plain", token).is(200, "")
	token = w.read(w.Refresh(t.Context(), w.passage(ask{token: token}), "users")).is(200, "").text("token")
	batch := func() answer {
		record := "/api/collections/plain/records"
		return w.read(w.Batch(t.Context(), w.passage(ask{token: token, body: map[string]any{"requests": []any{
			map[string]any{"method": "POST", "url": record, "body": map[string]any{}},
			map[string]any{"method": "DELETE", "url": record + "/" + w.record("plain", nil).Id},
		}}}), false))
	}
	w.ask(ask{op: remove, collection: "plain", id: "none", token: token}).is(404, "")
	batch().is(429, "too_many_requests") // for the delete
	make("plain", token).is(200, "")
	make("plain", token).is(429, "uses_spent")
	make("notes", token).is(200, "")
	make("notes", token).is(429, "uses_spent")
	make("plain", "").is(200, "") // guests have no session
	again := w.signIn("users", "a@example.com", password).is(200, "").text("token")
	make("plain", again).is(200, "")
}

// What is refused costs nothing: not even its body is read.
func TestLimitedBodiesAreNotRead(t *testing.T) {
	w := newWorld(t)
	w.use(nil, rated(map[string]int{"create": 1, "batch": 1}))
	full := func(p *Passage) *Passage { p.Body, p.ContentLength = unreadableBody{t}, 10; return p }
	w.ask(ask{op: create, collection: "plain", body: map[string]any{}}).is(200, "")
	w.read(w.Serve(t.Context(), &Request{Passage: *full(w.passage(ask{})), Operation: create, Collection: "plain"})).is(429, "too_many_requests")
	w.read(w.Batch(t.Context(), w.passage(ask{body: `{"requests":[]}`}), false))
	w.read(w.Batch(t.Context(), full(w.passage(ask{})), false)).is(429, "too_many_requests")
}

type unreadableBody struct{ t *testing.T }

func (b unreadableBody) Read([]byte) (int, error) {
	b.t.Error("the body is read")
	return 0, errors.New("read")
}

// Requests are told how they stand with the strictest limit that they met.
func TestStanding(t *testing.T) {
	w := newWorld(t)
	w.use(nil, rated(map[string]int{"list": 10, "batch": 100, "create": 3}))
	f := func(p *Passage, limit, standing string) {
		t.Helper()
		if p.Flight.Limit() != limit {
			t.Errorf("the limit is %s, want %s", p.Flight.Limit(), limit)
		} else if limit != "" && string(p.Flight.AppendStanding(nil)) != standing {
			t.Errorf("it stands at %s, want %s", p.Flight.AppendStanding(nil), standing)
		}
	}
	p := w.passage(ask{})
	w.list(p, "plain").is(200, "")
	f(p, `"list";q=10;w=3600`, `"list";r=9;t=360`)
	p = w.passage(ask{op: view})
	w.read(w.Serve(t.Context(), &Request{Passage: *p, Operation: view, Collection: "plain", RecordID: "x"})).is(404, "")
	f(p, "", "")
	requests := `{"requests":[{"method":"POST","url":"/api/collections/plain/records","body":{}},{"method":"POST","url":"/api/collections/plain/records","body":{}}]}`
	for range 2 {
		p = w.passage(ask{body: requests})
		_, err := w.Batch(t.Context(), p, false)
		f(p, `"create";q=3;w=3600`, `"create";r=1;t=1200`)
		if e := apierr.From(err); err != nil && (e.Code != apierr.TooManyRequests || e.Wait < 19*time.Minute || e.Wait > 20*time.Minute) {
			t.Errorf("it is to wait for %v: %v", e.Wait, e)
		}
	}
}

// Whoever goes on is put off, in the log and for the operator, who can lift it.
func TestHammeringPutsOff(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	record, token := w.user("a@example.com", nil)
	user := record.Id
	w.use(nil, rated(map[string]int{"list": 1, "view": 1}))
	hammer := func(p func() *Passage) answer {
		t.Helper()
		for {
			if a := w.list(p(), "plain"); a.code == "put_off" {
				return a
			}
		}
	}
	guest := func() *Passage { return w.from("2001:db8::1") }
	mine := func() *Passage { p := w.from("192.0.2.9"); p.Token = token; return p }
	var both sync.WaitGroup // each takes some seconds
	both.Go(func() { hammer(guest) })
	both.Go(func() { hammer(mine) })
	both.Wait()
	w.ask(ask{op: view, collection: "plain", id: "none", token: token}).is(404, "") // by the one limit alone
	shared := func() *Passage { p := w.from("10.0.0.1"); p.Shared = true; return p }
	w.list(shared(), "plain").is(200, "")
	for range 100 { // who speaks for others
		w.list(shared(), "plain").is(429, "too_many_requests")
	}
	if n := w.counts.CallersPutOff.Get(); n != 2 {
		t.Errorf("%d are counted as put off", n)
	}

	putOff := func() string { return w.read(w.PutOff()).is(200, "").body }
	for _, want := range []string{`"caller":"2001:db8::/64","limit":"list"`, `"caller":"users/` + user + `","limit":"list"`, `"times":1`} {
		if !strings.Contains(putOff(), want) {
			t.Errorf("%s is not in %s", want, putOff())
		}
	}
	lift := func(query string) answer {
		t.Helper()
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		return w.read(w.Lift(t.Context(), values))
	}
	if body := lift("caller=2001:db8::5").is(200, "").body; body != `{"lifted":1}` {
		t.Error(body)
	}
	if body := lift("caller=users/"+user).is(200, "").body; body != `{"lifted":1}` {
		t.Error(body)
	}
	for _, query := range []string{"", "caller=", "caller=x", "caller=nothing/x", "caller=users/x&caller=users/y", "caller=users/x&also=1"} {
		lift(query).is(400, "bad_query")
	}
	w.list(guest(), "plain").is(429, "too_many_requests")
	if strings.Contains(putOff(), "caller\"") {
		t.Errorf("still put off: %s", putOff())
	}
}

// A caller has no more under way than they may have; what was answered, and what
// has no end, is not under way.
func TestRequestsUnderWay(t *testing.T) {
	w := newWorld(t)
	s := byRules()
	s.MaxInFlight = 2
	w.use(nil, s)
	first, second := w.passage(ask{}), w.passage(ask{})
	w.list(first, "plain").is(200, "")
	w.list(first, "plain").is(200, "") // one request, whatever it asks for
	w.list(second, "plain").is(200, "")
	w.list(w.passage(ask{}), "plain").is(429, "too_many_at_once")
	w.list(w.from("192.0.2.99"), "plain").is(200, "")
	first.Flight.End()
	first.Flight.End()
	w.list(w.passage(ask{}), "plain").is(200, "")
	w.list(w.passage(ask{}), "plain").is(429, "too_many_at_once")
	second.Flight.End()
	for range 3 {
		stream, err := w.Realtime(t.Context(), w.passage(ask{}))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(drained(stream.Stream), stream.Stream.Close()); err != nil {
			t.Error(err)
		}
	}
}

// A body takes up room as it is read, at most half of it for one caller, and gives
// it back. Short ones take none.
func TestRoomForBodies(t *testing.T) {
	w := newWorld(t)
	s := byRules()
	s.Bodies.Memory = 2 << 20
	w.use(nil, s)
	body := func(n int) map[string]any { return map[string]any{"ignored": strings.Repeat("x", n)} }
	send := func(address string, n int) (*Passage, answer) {
		t.Helper()
		p := w.passage(ask{body: body(n)})
		p.Client = netip.AddrPortFrom(netip.MustParseAddr(address), 1)
		return p, w.read(w.Serve(t.Context(), &Request{Passage: *p, Operation: create, Collection: "plain"}))
	}
	first, a := send("192.0.2.1", 900<<10)
	a.is(200, "")
	_, a = send("192.0.2.1", 300<<10)
	a.is(429, "too_many_at_once")
	_, a = send("192.0.2.1", 60<<10)
	a.is(200, "")
	second, a := send("192.0.2.2", 900<<10)
	a.is(200, "")
	third, a := send("192.0.2.3", 600<<10)
	a.is(503, "overloaded")
	for _, p := range []*Passage{first, second, third} {
		p.Flight.End()
	}
	_, a = send("192.0.2.1", 900<<10)
	a.is(200, "")
}

// drained reads the beginning of an event stream.
func drained(r io.Reader) error {
	_, err := r.Read(make([]byte, 1))
	return err
}
