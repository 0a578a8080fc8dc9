package differential

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// request is one case. It is written to the socket as it stands here, so that
// it can be as wrong as a client can be.
type request struct {
	name   string
	as     caller   // empty: a guest
	method string   // empty: GET, or POST with a body
	path   string   // with its query
	header []string // lines; Content-Type is application/json unless one is here
	body   string
}

// caller is whom a request speaks for.
type caller string

const (
	guest     caller = "guest"
	user      caller = "user"
	client    caller = "client"
	expired   caller = "expired"
	garbage   caller = "garbage"
	superuser caller = "superuser"
)

// answer is a response, read whole.
type answer struct {
	status int
	header http.Header
	body   string
}

// each makes a case of every request for every caller.
func each(callers []caller, requests ...request) (out []request) {
	for _, r := range requests {
		for _, c := range callers {
			made := r
			made.name, made.as = r.name+", "+string(c), c
			out = append(out, made)
		}
	}
	return out
}

// sorted goes through a map in the same order each time.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

// ask sends the request as the side's own caller and reads the answer.
func (s *side) ask(t *testing.T, r request) answer {
	t.Helper()
	c, err := sender(r).Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	raw := s.encode(t, r)
	go func() { _, _ = io.WriteString(c, raw) }() // a server may answer before it has read all
	response, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: r.verb()})
	if err != nil {
		t.Fatalf("%s gives no answer: %v", s.name, err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s cuts its answer off: %v", s.name, err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// sender is where a request comes from: each that may guess from an address of its
// own, for Hapta slows down who does so much of it.
func sender(r request) *net.Dialer {
	if r.name == "" || !strings.Contains(r.path, "/auth-with-") {
		return &net.Dialer{}
	}
	sum := sha256.Sum256([]byte(r.name))
	return &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, sum[0], sum[1], sum[2])}}
}

func (r request) verb() string {
	switch {
	case r.method != "":
		return r.method
	case r.body != "":
		return http.MethodPost
	}
	return http.MethodGet
}

func (s *side) encode(t *testing.T, r request) string {
	t.Helper()
	body := s.filled(t, r.body)
	lines := append([]string{r.verb() + " " + s.filled(t, r.path) + " HTTP/1.1", "Host: " + s.addr, "Connection: close"}, s.filledAll(t, r.header)...)
	if token := s.tokens[r.as]; token != "" {
		lines = append(lines, "Authorization: "+token)
	}
	all := strings.ToLower(strings.Join(r.header, "\n"))
	if body != "" && !strings.Contains(all, "content-type:") {
		lines = append(lines, "Content-Type: application/json")
	}
	if (body != "" || r.verb() == http.MethodPost) && !strings.Contains(all, "transfer-encoding:") {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}

// from is a place for what this side answered before, {{name of the case: key}}.
var from = regexp.MustCompile(`{{([^{}]+): (\w+)}}`)

func (s *side) filled(t *testing.T, text string) string {
	t.Helper()
	return from.ReplaceAllStringFunc(text, func(place string) string {
		parts := from.FindStringSubmatch(place)
		var fields map[string]any
		if err := json.Unmarshal([]byte(s.answers[parts[1]].body), &fields); err != nil {
			t.Fatalf("%s has no answer to %q that %s could come from: %v", s.name, parts[1], parts[2], err)
		}
		return fmt.Sprint(fields[parts[2]])
	})
}

func (s *side) filledAll(t *testing.T, texts []string) (out []string) {
	t.Helper()
	for _, text := range texts {
		out = append(out, s.filled(t, text))
	}
	return out
}
