package httpapi

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// tapped is a face before a PocketBase of its own port, whose requests are seen.
type tapped struct {
	*face
	mu   sync.Mutex
	seen []string // "METHOD target body", collections by name
}

func newTapped(t *testing.T, change func(*Options)) *tapped {
	l := &tapped{}
	l.face = newFaceBefore(t, openRemote(t, l.listen), change)
	return l
}

// listen notes what PocketBase receives but for what Hapta asks by itself.
func (l *tapped) listen(next http.Handler) http.Handler {
	names := strings.NewReplacer(db.Schema().Find("notes").Id, "notes", db.Schema().Find("users").Id, "users")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if !isHaptasOwn(r) {
			note := strings.TrimSpace(r.Method + " " + names.Replace(r.RequestURI) + " " + string(body))
			if err != nil {
				note += " broken off"
			}
			l.mu.Lock()
			l.seen = append(l.seen, note)
			l.mu.Unlock()
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// isHaptasOwn tells whether it is for the schema, the superuser, or the feed of changes.
func isHaptasOwn(r *http.Request) bool {
	for _, path := range []string{"/api/collections/_superusers/", "/api/collections/_authOrigins/"} {
		if strings.HasPrefix(r.URL.Path, path) {
			return true
		}
	}
	return r.URL.Path == "/api/collections" || r.URL.Path == "/api/realtime" && r.Header.Get("Authorization") != ""
}

// anything may have reached PocketBase: what is passed on while it still comes.
const anything = "anything"

func (l *tapped) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.seen
	l.seen = nil
	return all
}

// probe follows everything that is sent, on the same connection: it is answered
// exactly when the connection is still open and in step.
const probe = "GET /api/hapta/health/live HTTP/1.1\r\nHost: hapta\r\nConnection: close\r\n\r\n"

// sends writes bytes to a connection of their own, and asserts what comes back,
// such as "200, open" or "400 bad_request, closed", and what reached PocketBase.
func (l *tapped) sends(name, raw, want string, reached ...string) {
	l.Helper()
	l.take()
	answers := l.exchange(name, raw+probe)
	var got []string
	for i, a := range answers {
		if i == len(answers)-1 && a.body == `{"live":true}` {
			got = append(got, "open")
			break
		}
		got = append(got, strings.TrimSpace(fmt.Sprint(a.status, " ", a.code())))
		l.wellFormed(name, a)
	}
	if n := len(answers); n == 0 || got[n-1] != "open" {
		if n > 0 && answers[n-1].header.Get("Connection") != "close" {
			l.Errorf("%s: the connection is closed and nobody is told", name)
		}
		got = append(got, "closed")
	}
	if g := strings.Join(got, ", "); g != want {
		l.Errorf("%s: answered %s; want %s", name, g, want)
		for _, a := range answers {
			l.Logf("  %d %.200s", a.status, a.body)
		}
	}
	if there := l.take(); !slices.Equal(there, reached) && !slices.Contains(reached, anything) {
		l.Errorf("%s: PocketBase received %q; want %q", name, there, reached)
	}
}

// wellFormed asserts PocketBase's shape of an error.
func (l *tapped) wellFormed(name string, a answer) {
	l.Helper()
	if a.status < 400 {
		return
	}
	var shape struct {
		Data    *map[string]any
		Message *string
		Status  int
	}
	if err := json.Unmarshal([]byte(a.body), &shape); err != nil || shape.Data == nil || shape.Message == nil || shape.Status != a.status {
		l.Errorf("%s: the answer is %s", name, a.body)
	}
	if a.header.Get("Content-Type") != "application/json" || a.header.Get("X-Request-Id") == "" {
		l.Errorf("%s: the header is %v", name, a.header)
	}
}

// exchange sends bytes, ends its side, and reads all answers.
func (l *tapped) exchange(name, raw string) (all []answer) {
	l.Helper()
	w := l.dial()
	go func() { // the server may answer, and close, before all is sent
		_, _ = io.WriteString(w.Conn, raw)
		_ = w.Conn.(*net.TCPConn).CloseWrite()
	}()
	rest := bufio.NewReader(w.in)
	for {
		if _, err := rest.Peek(1); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			l.Fatalf("%s: %v", name, err)
		}
		r, err := http.ReadResponse(rest, nil)
		if err != nil {
			l.Fatalf("%s: %v", name, err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			l.Fatalf("%s: %v", name, err)
		}
		if r.Close {
			r.Header.Set("Connection", "close") // net/http takes it away
		}
		all = append(all, answer{l.T, r.StatusCode, r.Header, string(body)})
	}
}
