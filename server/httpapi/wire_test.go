package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/metrics"
)

func itoa(n int) string { return strconv.Itoa(n) }

// adminFor is an admin API that knows one collection, notes.
func adminFor(key string, g *gateway.Gateway, removed *[]string) *Admin {
	return &Admin{Key: key, List: g.Policies, Remove: func(_ context.Context, collection string) error {
		if collection != "notes" {
			return fmt.Errorf("removing: %w", apierr.NotFound())
		}
		*removed = append(*removed, collection)
		return nil
	}, Metrics: metrics.New().Write}
}

// Every answer carries an id of its own, which is none of the client's words.
func TestRequestIDs(t *testing.T) {
	f := newFace(t, func(o *Options) { o.CORSOrigins = []string{"*"} })
	seen := map[string]bool{}
	for _, a := range []answer{
		f.ask("GET", "/api/hapta/health", "", "X-Request-Id: mine"), f.ask("GET", "/api/collections/notes/records", ""),
		f.ask("GET", "/missing", ""), f.ask("GET", "//", ""), f.ask("GET", "/api/hapta/health?%zz", ""), f.ask("NONSENSE", "/", ""),
		f.ask("OPTIONS", "/api/health", "", "Origin: http://x", "Access-Control-Request-Method: GET"),
		f.ask("GET", "/", "", "X-Large: "+strings.Repeat("x", maxHeader)),
	} {
		id := a.header.Get("X-Request-Id")
		if !regexp.MustCompile(`^[0-9a-f]{24}$`).MatchString(id) || seen[id] {
			t.Errorf("%d has the id %q", a.status, id)
		}
		seen[id] = true
	}
}

func TestCORS(t *testing.T) {
	var f *face
	preflight := []string{"Access-Control-Request-Method: PATCH", "Access-Control-Request-Headers: authorization,x-custom"}
	g := func(origin, want string) {
		t.Helper()
		a := f.ask("GET", "/api/hapta/health", "", "Origin: "+origin).is(200, "")
		if got := a.header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s is allowed as %q; want %q", origin, got, want)
		}
		if got := a.header.Get("Access-Control-Expose-Headers"); want != "" && got != "X-Request-Id,RateLimit,RateLimit-Policy,Retry-After,ETag,X-Hapta-Cache" {
			t.Errorf("%s may read %q", origin, got)
		}
		if a.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Error("credentials are allowed")
		}
		if varies := a.header.Values("Vary"); !slices.Equal(varies, []string{"Origin"}) {
			t.Errorf("%s: varies by %q", origin, varies)
		}
		a = f.ask("OPTIONS", "/api/collections/notes/records/x", "", append(preflight, "Origin: "+origin)...)
		a.is(204, "")
		if want == "" {
			if got := a.header.Get("Access-Control-Allow-Methods"); got != "" {
				t.Errorf("%s may ask by %s", origin, got)
			}
			return
		}
		for name, value := range map[string]string{
			"Access-Control-Allow-Origin": want, "Access-Control-Allow-Methods": "GET,HEAD,PUT,PATCH,POST,DELETE",
			"Access-Control-Allow-Headers": "authorization,x-custom",
		} {
			if got := a.header.Get(name); got != value {
				t.Errorf("the preflight of %s has %s: %q; want %q", origin, name, got, value)
			}
		}
	}
	f = newFace(t, func(o *Options) { o.CORSOrigins = []string{"*"} })
	g("http://one", "*")
	if a := f.ask("GET", "/api/hapta/health", ""); a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("there is no origin, and one is allowed")
	}
	if a := f.ask("GET", "/missing", "", "Origin: http://one").is(404, ""); a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("the browser cannot read what an error says")
	}
	if a := f.ask("GET", "/api/collections/notes/records", "", "Origin: http://one").is(200, ""); len(a.header.Values("Access-Control-Allow-Origin")) != 1 {
		t.Errorf("origins are allowed as %q", a.header.Values("Access-Control-Allow-Origin"))
	}
	f.ask("OPTIONS", "/api/health", "", "Origin: http://one").is(204, "") // no preflight, and all the same to PocketBase
	f = newFace(t, func(o *Options) { o.CORSOrigins = []string{"http://one", "http://two"} })
	g("http://one", "http://one")
	g("http://two", "http://two")
	g("http://three", "")
	g("http://one.evil", "")
	g("null", "")
	f = newFace(t, nil)
	g("http://one", "")
}

func TestOversizedHeaders(t *testing.T) {
	f := newFace(t, nil)
	large := strings.Repeat("x", maxHeader)
	for _, a := range []answer{f.ask("GET", "/", "", "X-Large: "+large), f.ask("GET", "/"+large, "")} {
		if a.is(431, ""); !strings.Contains(a.body, "headers are too large") {
			t.Errorf("%s", a.body)
		}
	}
	f.ask("GET", "/api/hapta/health", "", "X-Large: "+large[:maxHeader/2]).is(200, "")
}

// Bodies are bounded however they come, and what follows one that was not read
// to its end is never taken for a request.
func TestOversizedBodies(t *testing.T) {
	f := newFace(t, nil)
	const signIn = "POST /api/collections/users/auth-with-password HTTP/1.1\r\nHost: hapta\r\nContent-Type: application/json\r\n"
	const chunk = 64 << 10
	chunked := func(n int) string {
		return strings.Repeat(fmt.Sprintf("%x\r\n%s\r\n", chunk, strings.Repeat(" ", chunk)), n) + "0\r\n\r\n"
	}
	g := func(raw string, status int, code string) {
		t.Helper()
		w := f.dial()
		go func() { // the server may answer, and close, before all is sent
			_, _ = io.WriteString(w.Conn, raw+"GET /api/hapta/health HTTP/1.1\r\nHost: hapta\r\nConnection: close\r\n\r\n")
		}()
		w.receive("POST").is(status, code)
		rest, err := io.ReadAll(w.in)
		if err == nil && len(rest) > 0 && !strings.HasPrefix(string(rest), "HTTP/1.1 200 OK") {
			t.Errorf("after the body comes %.200q", rest)
		}
	}
	g(signIn+"Transfer-Encoding: chunked\r\n\r\n"+chunked(17), 413, "body_too_large")
	g(signIn+"Transfer-Encoding: chunked\r\n\r\n"+chunked(200), 413, "body_too_large")
	g(signIn+"Content-Length: "+itoa(2<<20)+"\r\n\r\n"+strings.Repeat(" ", 2<<20), 413, "body_too_large")
	g(signIn+"Transfer-Encoding: chunked\r\n\r\n"+chunked(1), 400, "") // blank: PocketBase misses the fields

	smuggled := "GET /smuggled HTTP/1.1\r\nHost: hapta\r\n\r\n"
	body := strings.Repeat(smuggled, 4000)
	for _, path := range []string{"/missing", "//", "/api/collections/users/auth-with-otp", "/api/health"} {
		w := f.dial()
		go func() {
			_, _ = io.WriteString(w.Conn, "POST "+path+" HTTP/1.1\r\nHost: hapta\r\nContent-Length: "+itoa(len(body))+"\r\n\r\n"+body+
				"GET /api/hapta/health HTTP/1.1\r\nHost: hapta\r\nConnection: close\r\n\r\n")
		}()
		w.receive("POST")
		rest, err := io.ReadAll(w.in)
		if err == nil && len(rest) > 0 && (!strings.HasPrefix(string(rest), "HTTP/1.1 200 OK") || strings.Count(string(rest), "HTTP/1.1") != 1) {
			t.Errorf("%s: the body is read as requests: %.300q", path, rest)
		}
	}
}

// Whoever still reads a body when its request has been answered gets an error,
// and never the bytes of another one.
func TestBodyIsTakenAway(t *testing.T) {
	clock := &clock{parent: t.Context(), limit: time.Minute}
	clock.started()
	defer clock.end()
	d := &detachable{r: strings.NewReader(strings.Repeat("x", 1<<20)), cut: func() bool { return false }, clock: clock}
	b := make([]byte, 10)
	if n, err := d.Read(b); n != 10 || err != nil {
		t.Fatalf("read %d, %v", n, err)
	}
	var reading sync.WaitGroup
	for range 4 {
		reading.Go(func() {
			b := make([]byte, 10)
			for {
				if _, err := d.Read(b); err != nil {
					if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
						t.Errorf("a reader ends with %v", err)
					}
					return
				}
			}
		})
	}
	d.detach()
	if n, err := d.Read(b); n != 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("read %d, %v after it was taken away", n, err)
	}
	reading.Wait()
}

// Answers of Hapta's own carry what PocketBase's carry, and those of PocketBase
// keep what they came with.
func TestSecurityHeaders(t *testing.T) {
	f := newFace(t, nil)
	for _, path := range []string{"/missing", "//", "/api/hapta/health", "/api/health", "/api/collections/missing/records", "/api/collections/notes/records"} {
		a := f.ask("GET", path, "")
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN", "X-Xss-Protection": "1; mode=block"} {
			if got := a.header.Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s has %s: %q", path, name, got)
			}
		}
	}
}
