package pocketbase

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

// breaking is a server that does with a request what its path says, and counts
// how often each came.
type breaking struct {
	*httptest.Server
	mu   sync.Mutex
	came map[string]int
	last http.Header

	hanging context.Context
	goOn    context.CancelFunc
}

func newBreaking(t *testing.T) *breaking {
	b := &breaking{came: map[string]int{}}
	b.hanging, b.goOn = context.WithCancel(context.Background())
	b.Server = httptest.NewServer(b)
	t.Cleanup(func() { b.goOn(); b.Close() })
	return b
}

func (b *breaking) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.came[r.URL.Path]++
	again := b.came[r.URL.Path] > 1
	b.last = r.Header.Clone()
	b.mu.Unlock()
	shaped := func(status int) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"data":{},"message":"On purpose.","status":`+strconv.Itoa(status)+`}`)
	}
	switch _, _ = io.Copy(io.Discard, r.Body); r.URL.Path {
	case "/400":
		shaped(400)
	case "/500":
		shaped(500)
	case "/503":
		shaped(503)
	case "/proxy":
		w.WriteHeader(502)
		_, _ = io.WriteString(w, "<html>no</html>")
	case "/once": // breaks off the first time
		if again {
			return
		}
		fallthrough
	case "/breaks":
		panic(http.ErrAbortHandler)
	case "/half":
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, "half")
	case "/hangs":
		b.wait(r)
	case "/stalls", "/api/realtime":
		if r.URL.Path == "/api/realtime" {
			w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		}
		_, _ = io.WriteString(w, "begun")
		_ = http.NewResponseController(w).Flush()
		b.wait(r)
		_, _ = io.WriteString(w, ", and done")
	}
}

func (b *breaking) wait(r *http.Request) {
	select {
	case <-b.hanging.Done():
	case <-r.Context().Done():
	}
}

func (b *breaking) count(path string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.came[path]
}

// What PocketBase or the client means leaves the breaker alone; what is no
// answer opens it, for nobody is there to look.
func TestWhatOpensTheBreaker(t *testing.T) {
	there := newBreaking(t)
	f := func(path string, opens bool) {
		t.Helper()
		d := believed(t, there.URL, func(cfg *RemoteConfig) {
			if path == "/hangs" {
				cfg.Timeout = 20 * time.Millisecond
			}
		})
		for range tripAfter {
			if !d.backend.ready() {
				t.Errorf("%s: it opened too early", path)
			}
			_, err := d.Fetch(t.Context(), &Request{Method: "GET", Path: path})
			if (err != nil) != opens {
				t.Errorf("%s: %v", path, err)
			}
		}
		if d.backend.ready() == opens {
			t.Errorf("%s: ready is %t", path, !opens)
		}
		if _, err := d.Fetch(t.Context(), &Request{Method: "GET", Path: "/"}); errors.Is(err, ErrNotSent) != opens {
			t.Errorf("%s: the next request ends with %v", path, err)
		}
	}
	f("/", false)
	f("/400", false)
	f("/500", false)
	f("/503", false) // an app's hook says so
	f("/proxy", true)
	f("/breaks", true)
	f("/half", true)
	f("/hangs", true)
}

func TestWhatClientsDoLeavesTheBreakerAlone(t *testing.T) {
	there := newBreaking(t)
	d := believed(t, there.URL, nil)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range tripAfter {
		if _, err := d.Fetch(gone, &Request{Method: "GET", Path: "/"}); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnavailable) {
			t.Errorf("given up: %v", err)
		}
		upload := io.MultiReader(strings.NewReader("the first"), iotest.ErrReader(io.ErrUnexpectedEOF))
		if _, err := d.Fetch(t.Context(), &Request{Method: "POST", Path: "/", Body: upload, ContentLength: 1000}); !errors.Is(err, ErrBody) || errors.Is(err, ErrUnavailable) {
			t.Errorf("an upload that broke off: %v", err)
		}
	}
	if !d.backend.ready() {
		t.Error("it opened")
	}
}

// On a connection that was used before and breaks, net/http sends again what
// only reads; whatever may write goes out once.
func TestWritesAreSentOnce(t *testing.T) {
	there := newBreaking(t)
	f := func(method, path, body string, header http.Header, times int, answered bool) {
		t.Helper()
		d := believed(t, there.URL, nil)
		fetch(t, d, &Request{Method: "GET", Path: "/"}) // leaves a connection
		before := there.count(path)
		_, err := d.Fetch(t.Context(), &Request{
			Method: method, Path: path, Header: header, Body: strings.NewReader(body), ContentLength: int64(len(body)),
		})
		if n := there.count(path) - before; n != times {
			t.Errorf("%s %v was sent %d times; want %d", method, header, n, times)
		}
		if answered != (err == nil) || err != nil && (!errors.Is(err, ErrUnavailable) || errors.Is(err, ErrNotSent)) {
			t.Errorf("%s: %v", method, err)
		}
	}
	f("GET", "/once", "", nil, 2, true)
	f("GET", "/breaks", "", nil, 2, false) // the second on a connection of its own
	f("HEAD", "/breaks", "", nil, 2, false)
	for _, header := range []http.Header{nil, {"Idempotency-Key": {"1"}}, {"X-Idempotency-Key": {"1"}}} {
		f("POST", "/breaks", "", header, 1, false)
		f("POST", "/breaks", "{}", header, 1, false)
		f("PATCH", "/breaks", "{}", header, 1, false)
		f("DELETE", "/breaks", "", header, 1, false)
		for name := range header {
			if there.last.Get(name) != "1" {
				t.Errorf("%s does not arrive", name)
			}
		}
	}
}

// A transfer that does not move is cut; events may be silent.
func TestSilentStreamsAreCut(t *testing.T) {
	there := newBreaking(t)
	d := believed(t, there.URL, func(cfg *RemoteConfig) { cfg.Timeout = 50 * time.Millisecond })
	open := func(path string) io.ReadCloser {
		t.Helper()
		response, err := d.Stream(t.Context(), &Request{Method: "GET", Path: path})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		return response.Body
	}
	events, transfer := open("/api/realtime"), open("/stalls")
	if got, err := io.ReadAll(transfer); string(got) != "begun" || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrUnavailable) {
		t.Errorf("%q, %v", got, err)
	}
	_, err := d.Stream(t.Context(), &Request{Method: "GET", Path: "/hangs"})
	if wantUnavailable(t, err); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a header that does not come: %v", err)
	}
	buffer := make([]byte, 5)
	if _, err := io.ReadFull(events, buffer); err != nil || string(buffer) != "begun" {
		t.Errorf("%q, %v", buffer, err)
	}
	there.goOn()
	if rest, err := io.ReadAll(events); err != nil || string(rest) != ", and done" {
		t.Errorf("%q, %v", rest, err)
	}
}

// Each kind of request waits for its own kind alone, and having to wait is no
// failure of PocketBase.
func TestEachKindHasItsOwnConnections(t *testing.T) {
	there := newBreaking(t)
	d := believed(t, there.URL, func(cfg *RemoteConfig) { cfg.MaxConnections = 1 })
	d.backend.(*remote).events.MaxConnsPerHost = 1
	for _, path := range []string{"/stalls", "/api/realtime"} {
		response, err := d.Stream(t.Context(), &Request{Method: "GET", Path: path})
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		for range tripAfter {
			soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			if _, err := d.Stream(soon, &Request{Method: "GET", Path: path}); !errors.Is(err, ErrBusy) || !errors.Is(err, ErrUnavailable) {
				t.Errorf("another %s: %v", path, err)
			}
			cancel()
		}
	}
	fetch(t, d, &Request{Method: "GET", Path: "/"})
	if !d.backend.ready() {
		t.Error("it opened")
	}
}
