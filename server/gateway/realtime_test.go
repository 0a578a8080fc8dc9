package gateway

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// stream is an open event stream of a client.
type stream struct {
	*Response
	lines *bufio.Reader
	id    string // of PocketBase's client
}

func (w *world) stream() *stream {
	w.Helper()
	answer, err := w.Realtime(w.Context(), w.passage(ask{}))
	if err != nil {
		w.Fatal(err)
	}
	s := &stream{Response: answer, lines: bufio.NewReader(answer.Stream)}
	w.Cleanup(func() { _ = answer.Stream.Close() })
	_, data := s.next(w)
	var hello struct{ ClientID string }
	if err := json.Unmarshal([]byte(data), &hello); err != nil || hello.ClientID == "" {
		w.Fatalf("the stream begins with %q", data)
	}
	s.id = hello.ClientID
	return s
}

// next waits for an event.
func (s *stream) next(w *world) (event, data string) {
	w.Helper()
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			w.Fatalf("the stream ended: %v", err)
		}
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "event:"):
			event = line[len("event:"):]
		case strings.HasPrefix(line, "data:"):
			return event, line[len("data:"):]
		}
	}
}

// ended reads on until the stream is cut.
func (s *stream) ended() {
	for {
		if _, err := s.lines.ReadString('\n'); err != nil {
			return
		}
	}
}

func (w *world) subscribe(s *stream, query string, topics ...string) answer {
	w.Helper()
	p := w.passage(ask{body: map[string]any{"clientId": s.id, "subscriptions": topics}, query: query})
	return w.read(w.Subscribe(w.Context(), p))
}

func topicWith(topic string, options map[string]any) string {
	return topic + "?" + query("options", string(encoded(map[string]any{"query": options})))
}

func TestSubscriptions(t *testing.T) {
	w := newWorld(t)
	notes, plain := db.Schema().Find("notes"), db.Schema().Find("plain")
	policies, settings := map[string]string{"notes": "script"}, byRules()
	w.use(policies, settings)
	s := w.stream()
	f := func(status int, code string, topics ...string) {
		t.Helper()
		if a := w.subscribe(s, "", topics...); a.status != status || a.code != code {
			t.Errorf("%q: %d %s; want %d %q", topics, a.status, a.body, status, code)
		}
	}
	f(204, "", "plain/*", "plain/abc", "app-own", "PLAIN/*", plain.ID()+"/*")
	for _, topic := range []string{"notes/*", "notes/abc", "NOTES/*", "notes", notes.ID() + "/*", "notes/*?x=1", "notes?x", "notes/a/b"} {
		f(403, "topic_not_judged", topic)
		f(403, "topic_not_judged", "plain/*", topic)
	}
	f(204, "", "@oauth2", "plain/*")
	f(403, "topic_not_judged", "@oauth2", "notes/*")
	f(400, "bad_body", "plain/\x7f")

	options := func(status int, code, collection string, o map[string]any) {
		t.Helper()
		f(status, code, topicWith(collection+"/*", o))
	}
	options(204, "", "comments", map[string]any{"expand": "author"})
	options(204, "", "comments", map[string]any{"filter": `text = "x" && author.name = "y"`, "fields": "id"})
	options(400, "expand_refused", "comments", map[string]any{"expand": "author,note"})
	options(400, "expand_refused", "users", map[string]any{"expand": "notes(owner)"})
	options(204, "", "users", map[string]any{"expand": "comments(author),plain_via_owner"})
	options(400, "expand_refused", "users", map[string]any{"expand": "comments(author).note"})
	options(400, "crosses_policy", "comments", map[string]any{"filter": `note.title = "x"`})
	options(400, "bad_filter", "comments", map[string]any{"filter": `text = `})
	options(400, "bad_body", "comments", map[string]any{"expand": []string{"note"}})
	options(403, "topic_not_judged", "notes", map[string]any{"fields": "id"})
	f(400, "bad_body", "comments/*?options=%7B")
	f(400, "expand_refused", `comments/*?options={"QUERY":{"expand":"note"}}`)
	f(400, "expand_refused", `comments/*?options={"query":{"a":"b"},"query":{"expand":"note"}}`)
	f(400, "expand_refused", topicWith("comments/*", map[string]any{"expand": "note"})+"#x")

	if a := w.subscribe(s, query("@jsonPayload", `{"subscriptions":["notes/*"]}`), "plain/*"); a.status < 300 {
		w.onlyPlain(s)
	}
	w.use(map[string]string{"notes": ""}, byRules())
	f(403, "topic_not_judged", "notes/*")
	w.use(nil, Settings{DenyWithoutPolicy: true})
	f(403, "topic_not_judged", "plain/*")
}

// onlyPlain checks that a change of notes is not told on the stream.
func (w *world) onlyPlain(s *stream) {
	w.Helper()
	w.record("notes", map[string]any{"title": "not told"})
	w.record("plain", map[string]any{"title": "told"})
	if event, data := s.next(w); event != "plain/*" {
		w.Errorf("the stream tells %s %s", event, data)
	}
}

func TestSubscribingIsReadStrictly(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	f := func(body, code string) {
		t.Helper()
		w.read(w.Subscribe(t.Context(), w.passage(ask{body: body}))).is(http.StatusBadRequest, code)
	}
	f(`{"clientId":"x","subscriptions":["plain/*"],"subscriptions":["notes/*"]}`, "duplicate_field")
	f(`{"clientId":"x","subscriptions":["plain/*"],"Subscriptions":["notes/*"]}`, "duplicate_field")
	f(`{"clientId":"x","subscriptions":"notes/*"}`, "bad_body")
	f(`{"clientId":1}`, "bad_body")
	// PocketBase takes keys in any case, so they are decided about in any case.
	w.read(w.Subscribe(t.Context(), w.passage(ask{body: `{"clientId":"x","Subscriptions":["notes/*"]}`}))).is(http.StatusForbidden, "topic_not_judged")
	w.read(w.Subscribe(t.Context(), w.passage(ask{body: `{"clientId":"x","other":["notes/*"]}`}))).is(http.StatusNotFound, "")
}

// A stream that was let in is cut when one of the collections closes, and stays
// when nothing does.
func TestStreamsAreCutWhenACollectionCloses(t *testing.T) {
	w := newWorld(t)
	f := func(policies map[string]string, settings Settings, had ...string) {
		t.Helper()
		w.use(nil, Settings{})
		s := w.stream()
		w.subscribe(s, "", "plain/*", "notes/*").is(204, "")
		w.use(nil, Settings{}) // the same again
		w.record("notes", map[string]any{"title": "x"})
		if event, _ := s.next(w); event != "notes/*" {
			t.Fatalf("the stream tells %s", event)
		}
		w.use(policies, settings, had...)
		s.ended()
		if err := s.Stream.Close(); err != nil {
			t.Error(err)
		}
		w.streams.mu.Lock()
		defer w.streams.mu.Unlock()
		if len(w.streams.open) != 0 {
			t.Error("a stream is kept that has ended")
		}
	}
	f(map[string]string{"notes": "script"}, byRules())
	f(map[string]string{"notes": ""}, byRules())
	f(map[string]string{"_default": "script"}, byRules())
	f(nil, alone("notes"))
	f(nil, byRules(), "notes")
	f(nil, Settings{DenyWithoutPolicy: true})
}

func TestStreamsAreCutForAServerThatStops(t *testing.T) {
	w := newWorld(t)
	s := w.stream()
	w.CutStreams()
	s.ended()
}
