package differential

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// stream is an event stream of a side.
type stream struct {
	name string
	in   *bufio.Reader
}

// open connects without an end, and notes the client's id as the answer
// "stream" of the side.
func (s *side) open(t *testing.T) *stream {
	t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := io.WriteString(c, "GET /api/realtime HTTP/1.1\r\nHost: "+s.addr+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	opened := &stream{s.name, bufio.NewReader(response.Body)}
	connected := opened.next(t)
	s.answers["stream"] = answer{response.StatusCode, response.Header, connected.body}
	return opened
}

// next is the next event: its name as a header, and its data.
func (s *stream) next(t *testing.T) answer {
	t.Helper()
	event := answer{header: http.Header{}}
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream of %s ends: %v", s.name, err)
		}
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		switch key {
		case "":
			return event
		case "data":
			event.body = value
		default:
			event.header.Add(key, value)
		}
	}
}

// A subscription is set and what happens is told alike, to guests and to users.
func TestEventsAreTheSame(t *testing.T) {
	t.Parallel()
	th := newTheme(t)
	streams := map[*side]*stream{}
	for _, s := range append(th.haptas, th.plain) {
		streams[s] = s.open(t)
	}
	th.compareAll("stream", func(s *side) answer { return s.answers["stream"] })
	then := func(r request, events int) {
		t.Helper()
		th.compare(r)
		for i := range events {
			th.compareAll(fmt.Sprintf("event %d of %s", i, r.name), func(s *side) answer { return streams[s].next(t) })
		}
	}
	subscribe := func(name string, as caller, topics string) {
		t.Helper()
		th.compare(request{name: name, as: as, path: "/api/realtime", body: `{"clientId":"{{stream: clientId}}","subscriptions":[` + topics + `]}`})
	}
	subscribe("subscribed as a guest", guest, `"demo2/*","demo3/*","members/*","missing/*"`)
	then(request{name: "made", path: demo2, body: `{"title":"told"}`}, 1)
	then(request{name: "changed", method: "PATCH", path: demo2 + "/{{made: id}}", body: `{"title":"told again"}`}, 1)
	then(request{name: "unseen", as: client, path: demo3, body: `{"title":"not told"}`}, 0)
	then(request{name: "deleted", method: "DELETE", path: demo2 + "/{{made: id}}"}, 1)
	subscribe("subscribed with options", client, `"demo3/*","demo4/i9naidtvr6qsgb4?options=%7B%22query%22%3A%7B%22fields%22%3A%22title%2Cexpand%22%2C%22expand%22%3A%22self_rel_one%22%7D%7D"`)
	then(request{name: "seen", as: client, path: demo3, body: `{"title":"told"}`}, 1)
	then(request{name: "chosen", as: user, method: "PATCH", path: demo4 + "/i9naidtvr6qsgb4", body: `{"title":"picked"}`}, 1)
	subscribe("changed hands", user, `"demo2/*"`)
	subscribe("nothing any more", client, ``)
	then(request{name: "not told", path: demo2, body: `{"title":"not told"}`}, 0)
	subscribe("everything again", client, `"demo2/*"`)
	then(request{name: "told in the end", path: demo2, body: `{"title":"the end"}`}, 1)
}

// What a provider sends back is told alike, to the stream that waits for it.
func TestProviderSendsBackTheSame(t *testing.T) {
	t.Parallel()
	th := newTheme(t)
	streams := map[*side]*stream{}
	for _, s := range append(th.haptas, th.plain) {
		streams[s] = s.open(t)
	}
	const state = "state={{stream: clientId}}"
	told := func(r request) {
		t.Helper()
		th.compare(request{name: "awaited: " + r.name, path: "/api/realtime", body: `{"clientId":"{{stream: clientId}}","subscriptions":["@oauth2"]}`})
		th.compare(r)
		th.compareAll("told: "+r.name, func(s *side) answer { return streams[s].next(t) })
	}
	told(request{name: "a code", path: "/api/oauth2-redirect?code=a%20code&" + state})
	th.compare(request{name: "a code once more", path: "/api/oauth2-redirect?code=x&" + state})
	told(request{name: "a code by form", path: "/api/oauth2-redirect", header: []string{urlType}, body: "code=a+code&" + state})
	told(request{name: "an error", path: "/api/oauth2-redirect?error=access_denied&" + state})
	told(request{name: "nothing", path: "/api/oauth2-redirect?" + state})
}

// compareAll compares what each side gives.
func (th *theme) compareAll(name string, of func(*side) answer) {
	th.Helper()
	want := of(th.plain)
	for _, h := range th.haptas {
		got := of(h)
		th.judge(name, h, want, got, th.pairs[h].differences(want, got))
	}
}

func realtime() (out []request) {
	for i, body := range []string{
		`{}`, `{"clientId":"missing","subscriptions":[]}`, `{"clientId":"missing","subscriptions":["demo2/*"]}`, `{"clientId":"","subscriptions":["demo2/*"]}`,
		`{"clientId":"missing"}`, `{"clientId":"missing","subscriptions":null}`,
		`{"clientId":null}`, `{"clientId":"missing","other":1}`, `{"clientid":"missing","SUBSCRIPTIONS":["demo2"]}`, `{"clientId":"` + strings.Repeat("c", 300) + `"}`,
		`{"clientId":"missing","subscriptions":["` + strings.Repeat("s", 3000) + `"]}`,
		`{"clientId":"missing","subscriptions":["demo2?options={"]}`, `{"clientId":"missing","subscriptions":["a/b/c","*","","demo2/x?y"]}`,
	} {
		out = append(out, each([]caller{guest, user}, request{name: fmt.Sprintf("set topics %d %.60s", i, body), path: "/api/realtime", body: body})...)
	}
	return append(out,
		request{name: "set topics by form", path: "/api/realtime", header: []string{urlType}, body: "clientId=missing&subscriptions=demo2%2F*&subscriptions=demo3"},
		request{name: "unread topics: one text of a form", path: "/api/realtime", header: []string{formType},
			body: form(part{name: "clientId", text: "missing"}, part{name: "subscriptions", text: "demo2/*"})},
		request{name: "unread topics: a client's id that is a number", path: "/api/realtime", body: `{"clientId":1}`},
		request{name: "unread topics: a text for a list", path: "/api/realtime", body: `{"clientId":"missing","subscriptions":"demo2"}`},
		request{name: "not for clients: topic", path: "/api/realtime", body: `{"clientId":"missing","subscriptions":["_superusers/*"]}`},
		request{name: "set the topic of OAuth2", path: "/api/realtime", body: `{"clientId":"missing","subscriptions":["@oauth2"]}`},
	)
}
