package httpapi

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/policy/watch"
	"github.com/hapta/hapta/server/session"
)

// face is a server on a port of its own, in front of the tests' PocketBase.
type face struct {
	*testing.T
	*Server
	db   *pocketbase.Database
	addr string
	done chan error // what Serve returned
}

func newFace(t *testing.T, change func(*Options)) *face {
	t.Helper()
	return newFaceBefore(t, db, change)
}

func newFaceBefore(t *testing.T, db *pocketbase.Database, change func(*Options)) *face {
	t.Helper()
	store, err := session.OpenSQLite(filepath.Join(t.TempDir(), "sessions.db"))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	sessions, err := session.NewManager(store, [][]byte{bytes.Repeat([]byte("k"), 32)}, log, metrics.New())
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Gateway: gateway.New(db, sessions, log, metrics.New()), Timeout: time.Minute, Log: log, Counts: metrics.New()}
	if change != nil {
		change(&o)
	}
	f := &face{T: t, Server: New(o), db: db, done: make(chan error, 1)}
	f.useRules()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.addr = l.Addr().String()
	go func() { f.done <- f.Serve(l) }()
	t.Cleanup(func() {
		if err := f.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-f.done; err != nil {
			t.Error(err)
		}
		if err := sessions.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// useRules has PocketBase's rules decide about everything.
func (f *face) useRules() { f.use(&watch.Set{}, gateway.Settings{}) }

func (f *face) use(set *watch.Set, settings gateway.Settings) {
	never := func(string) bool { return false }
	settings.Recheck = time.Hour
	f.gateway.Use(gateway.NewSnapshot(f.db.Schema(), set, never, settings))
}

// usePolicy has a policy decide about notes, alone or with PocketBase's rules:
// the one of the gateway's tests that does what the parameter "do" says.
func (f *face) usePolicy(alone bool) {
	f.Helper()
	engine := policy.NewEngine(policy.Limits{Fuel: 2_000_000, MemoryBytes: 4 << 20})
	p, err := engine.Load(f.Context(), "notes", script(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(p.Retire)
	f.use(&watch.Set{Entries: map[string]watch.Entry{"notes": {Policy: p}}}, gateway.Settings{ByPolicy: map[string]bool{"notes": alone}})
}

func script(t testing.TB) []byte {
	t.Helper()
	module, err := os.ReadFile("../gateway/testdata/policies/script.wasm")
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// wire is a connection on which requests are written byte by byte.
type wire struct {
	*testing.T
	net.Conn
	in *bufio.Reader
}

func (f *face) dial() *wire {
	f.Helper()
	c, err := net.Dial("tcp", f.addr)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = c.Close() })
	return newWire(f.T, c)
}

func newWire(t *testing.T, c net.Conn) *wire { return &wire{t, c, bufio.NewReader(bounded{c})} }

// bounded has a test fail that waits for what never comes, rather than all tests.
type bounded struct{ net.Conn }

func (b bounded) Read(p []byte) (int, error) {
	if err := b.SetReadDeadline(time.Now().Add(3 * time.Minute)); err != nil {
		return 0, err
	}
	return b.Conn.Read(p)
}

func (w *wire) send(raw string) {
	w.Helper()
	if _, err := io.WriteString(w, raw); err != nil {
		w.Fatal(err)
	}
}

// answer is one response, read whole.
type answer struct {
	*testing.T
	status int
	header http.Header
	body   string
}

func (w *wire) receive(method string) answer {
	w.Helper()
	r, err := http.ReadResponse(w.in, &http.Request{Method: method})
	if err != nil {
		w.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.Fatal(err)
	}
	return answer{w.T, r.StatusCode, r.Header, string(body)}
}

// ask sends one request on a connection of its own. Headers are lines.
func (f *face) ask(method, path, body string, headers ...string) answer {
	f.Helper()
	w := f.dial()
	headers = append(headers, "Host: hapta", "Connection: close")
	if body != "" {
		headers = append(headers, "Content-Type: application/json", "Content-Length: "+itoa(len(body)))
	}
	w.send(method + " " + path + " HTTP/1.1\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n" + body)
	return w.receive(method)
}

func (a answer) code() string {
	var shape struct {
		Data struct{ Hapta struct{ Code string } }
	}
	_ = json.Unmarshal([]byte(a.body), &shape) // other answers have no code
	return shape.Data.Hapta.Code
}

// is asserts the status and the reason.
func (a answer) is(status int, code string) answer {
	a.Helper()
	if a.status != status || a.code() != code {
		a.Fatalf("got %d %q: %s; want %d %q", a.status, a.code(), a.body, status, code)
	}
	return a
}
