package gateway

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// listed reads a list of sessions.
func listed(t *testing.T, a answer) (items []shownSession) {
	t.Helper()
	var body struct{ Items []shownSession }
	if err := json.Unmarshal([]byte(a.is(200, "").body), &body); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"upstream", "seed", "eyJ"} {
		if strings.Contains(strings.ToLower(a.body), secret) {
			t.Errorf("the list tells %s: %s", secret, a.body)
		}
	}
	return body.Items
}

func TestOwnSessions(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	user, first := w.user("a@example.com", nil)
	second := w.signIn("users", "a@example.com", password).is(200, "").text("token")
	third := w.signIn("users", "a@example.com", password).is(200, "").text("token")
	_, theirs := w.user("b@example.com", nil)
	list := func(token string) answer { return w.read(w.Sessions(t.Context(), w.passage(ask{token: token}))) }
	end := func(token, id string) answer {
		return w.read(w.EndSession(t.Context(), w.passage(ask{token: token}), id))
	}

	items := listed(t, list(second))
	if len(items) != 3 {
		t.Fatalf("%d sessions: %v", len(items), items)
	}
	for i, token := range []string{third, second, first} { // the newest first
		s, _ := w.session(token)
		if got := items[i]; got.ID != s.ID || got.Record != user.Id || got.Collection != "users" || got.Current != (token == second) || got.Address == "" || got.Created == "" {
			t.Errorf("session %d is %+v", i, got)
		}
	}
	list("").is(401, "")
	end("", items[0].ID).is(401, "")
	end(theirs, items[0].ID).is(404, "")
	end(second, "none").is(404, "")

	end(second, items[0].ID).is(204, "")
	if w.signedIn(third, user.Id) || !w.signedIn(first, user.Id) {
		t.Error("it ends one, and that one")
	}
	third = w.signIn("users", "a@example.com", password).is(200, "").text("token")
	w.read(w.EndSessions(t.Context(), w.passage(ask{token: first}), true)).is(204, "")
	if w.signedIn(second, user.Id) || w.signedIn(third, user.Id) || !w.signedIn(first, user.Id) {
		t.Error("the others end, and not the one that asks")
	}
	end(first, "current").is(204, "")
	if w.signedIn(first, user.Id) || len(listed(t, list(theirs))) != 1 {
		t.Error("signing out ends the session that asks, and nobody else's")
	}
	first = w.signIn("users", "a@example.com", password).is(200, "").text("token")
	w.read(w.EndSessions(t.Context(), w.passage(ask{token: first}), false)).is(204, "")
	w.read(w.EndSessions(t.Context(), w.passage(ask{token: first}), false)).is(401, "")
}

// of asks about a user, or about all of a collection.
func of(collection, record string) url.Values {
	query := url.Values{"collection": {collection}}
	if record != "" {
		query.Set("record", record)
	}
	return query
}

func TestOperatorEndsSessions(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	ann, first := w.user("a@example.com", nil)
	bob, second := w.user("b@example.com", nil)
	if items := listed(t, w.read(w.SessionsOf(t.Context(), of("USERS", "")))); len(items) != 2 {
		t.Errorf("%d sessions", len(items))
	}
	items := listed(t, w.read(w.SessionsOf(t.Context(), of("users", ann.Id))))
	if len(items) != 1 || items[0].Record != ann.Id {
		t.Fatalf("sessions %v", items)
	}
	w.read(w.EndAnySession(t.Context(), items[0].ID)).is(204, "")
	w.read(w.EndAnySession(t.Context(), items[0].ID)).is(404, "")
	if w.signedIn(first, ann.Id) || !w.signedIn(second, bob.Id) {
		t.Error("it ends one, and that one")
	}
	for _, name := range []string{"", "notes", "none"} {
		w.read(w.SessionsOf(t.Context(), of(name, ""))).is(400, "bad_query")
		w.read(w.EndSessionsOf(t.Context(), of(name, ""))).is(400, "bad_query")
	}
	if a := w.read(w.EndSessionsOf(t.Context(), of("users", bob.Id))).is(200, ""); a.body != `{"ended":1}` || w.signedIn(second, bob.Id) {
		t.Errorf("ended %s", a.body)
	}
	for _, query := range []url.Values{
		{"collection": {"users"}, "record": {""}}, {"collection": {"users"}, "recrod": {ann.Id}}, {"collection": {"users"}, "record": {ann.Id, bob.Id}}, {"record": {ann.Id}}, {},
	} {
		w.read(w.EndSessionsOf(t.Context(), query)).is(400, "bad_query")
	}
	for range 3 {
		w.signIn("users", "a@example.com", password).is(200, "")
	}
	if a := w.read(w.EndSessionsOf(t.Context(), of("users", ""))).is(200, ""); a.body != `{"ended":3}` || w.opened() != 0 {
		t.Errorf("ended %s", a.body)
	}
}

// A stolen token ends what it would have kept open.
func TestStreamsEndWithTheirSession(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	_, token := w.user("a@example.com", nil)
	_, theirs := w.user("b@example.com", nil)
	mine, others, guests := w.stream(), w.stream(), w.stream()
	for s, token := range map[*stream]string{mine: token, others: theirs, guests: ""} {
		p := w.passage(ask{token: token, body: map[string]any{"clientId": s.id, "subscriptions": []string{"plain/*"}}})
		w.read(w.Subscribe(t.Context(), p)).is(http.StatusNoContent, "")
	}
	w.read(w.EndSession(t.Context(), w.passage(ask{token: token}), "current")).is(204, "")
	mine.ended()
	for known := true; known; { // PocketBase lets go of it a little later
		_, err := app.SubscriptionsBroker().ClientById(mine.id)
		known = err == nil
	}
	w.record("plain", map[string]any{"title": "news"})
	for _, s := range []*stream{others, guests} {
		if event, data := s.next(w); event != "plain/*" || !strings.Contains(data, "news") {
			t.Errorf("another stream brings %s %s", event, data)
		}
	}
}
