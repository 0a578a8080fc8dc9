package httpapi

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/pocketbase"
)

const (
	outageTimeout = 2 * time.Second // [upstream] timeout of these tests
	most          = 4               // [upstream] max_connections
)

// outage is a server in front of the tests' PocketBase, with a faulty network
// between them.
type outage struct {
	*face
	network *faulty
}

func newOutage(t *testing.T) *outage {
	t.Helper()
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := router.BuildMux()
	if err != nil {
		t.Fatal(err)
	}
	there := httptest.NewServer(handler)
	t.Cleanup(there.Close)
	network := newFaulty(t, there.Listener.Addr().String())
	d, err := pocketbase.OpenRemote(t.Context(), pocketbase.RemoteConfig{
		URL: "http://" + network.addr, AdminEmail: quickSuperuser(t), AdminPassword: "correct horse",
		MaxConnections: most, Timeout: outageTimeout,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	f := newFace(t, func(o *Options) {
		o.Gateway, o.Timeout = gateway.New(d, nil, o.Log, metrics.New()), outageTimeout
	})
	o := &outage{f, network}
	o.becomes(true)
	return o
}

// quickSuperuser makes a superuser who signs in well within the timeout of these
// tests.
func quickSuperuser(t *testing.T) (email string) {
	t.Helper()
	email = "quick@example.com"
	c, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.FindAuthRecordByEmail(c, email); err == nil {
		return email
	}
	c.Fields.GetByName("password").(*core.PasswordField).Cost = 4 // bcrypt's least
	record := core.NewRecord(c)
	record.SetEmail(email)
	record.SetPassword("correct horse")
	if err := app.Save(record); err != nil {
		t.Fatal(err)
	}
	return email
}

// becomes waits until the server is ready, or no longer is.
func (o *outage) becomes(ready bool) {
	o.Helper()
	for o.gateway.Ready() != ready {
		select {
		case <-o.Context().Done():
			o.Fatalf("ready never becomes %t", ready)
		case <-time.After(time.Millisecond):
		}
	}
}

// fails asserts that the answer is an error in PocketBase's shape that says
// nothing of what is behind.
func (o *outage) fails(a answer, status int, code string) {
	o.Helper()
	a.is(status, code)
	var shape map[string]any
	if err := json.Unmarshal([]byte(a.body), &shape); err != nil {
		o.Fatal(err)
	}
	if keys := slices.Sorted(maps.Keys(shape)); !slices.Equal(keys, []string{"data", "message", "status"}) || shape["status"] != float64(status) {
		o.Errorf("not PocketBase's shape: %s", a.body)
	}
	if a.header.Get("Content-Type") != "application/json" {
		o.Errorf("the error is %s", a.header.Get("Content-Type"))
	}
	for _, secret := range []string{"127.0.0.1", "dial", "EOF", "shelob", "<html>"} {
		if strings.Contains(a.body, secret) {
			o.Errorf("the client sees %q: %s", secret, a.body)
		}
	}
	if a.header.Get("X-Shelob") != "" {
		o.Error("the client sees a header of the proxy's")
	}
	if wait := a.header.Get("Retry-After"); (wait != "") != (status == 503) {
		o.Errorf("%d has Retry-After %q", status, wait)
	}
}

// creations counts the notes that PocketBase is asked to create.
func creations(t *testing.T) *atomic.Int32 {
	var n atomic.Int32
	id := app.OnRecordCreateRequest("notes").BindFunc(func(e *core.RecordRequestEvent) error {
		n.Add(1)
		return e.Next()
	})
	t.Cleanup(func() { app.OnRecordCreateRequest("notes").Unbind(id) })
	return &n
}

func proxyPage(status string) string {
	const body = "<html>shelob/1.2: cannot connect to 127.0.0.1:8090</html>"
	return "HTTP/1.1 " + status + "\r\nContent-Type: text/html\r\nX-Shelob: yes\r\nConnection: close\r\nContent-Length: " + itoa(len(body)) + "\r\n\r\n" + body
}

// Whatever befalls the network: the client gets the status that fits, a write
// reaches PocketBase once at most, requests are then answered at once, and all
// is well again when the fault is over.
func TestFaults(t *testing.T) {
	o := newOutage(t)
	written := creations(t)
	befalls := func(x fault, method, body string, status int, code string, reached int32) {
		t.Helper()
		o.network.set(x)
		written.Store(0)
		o.fails(o.ask(method, notes, body), status, code)
		o.becomes(false)
		for _, path := range []string{notes, "/api/realtime", "/api/files/notes/x/y", "/api/health"} {
			o.fails(o.ask("GET", path, ""), 503, "not_ready")
		}
		o.fails(o.ask("POST", notes, `{"title":"none"}`), 503, "not_ready")
		if n := written.Load(); n != reached {
			t.Errorf("%d writes reached PocketBase; want %d", n, reached)
		}
		o.network.set(fault{})
		o.becomes(true)
		o.ask("GET", notes, "").is(200, "")
		o.ask("POST", notes, `{"title":"again"}`).is(200, "")
	}
	f := func(name string, x fault, status int, code string, reached int32) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			o.face.T, o.network.T = t, t
			befalls(x, "GET", "", status, code, 0)
			befalls(x, "POST", `{"title":"once"}`, status, code, reached)
		})
	}
	f("refused", fault{refused: true}, 503, "not_ready", 0)
	f("swallowed", fault{swallowed: true}, 504, "upstream_timeout", 0)
	f("ended before an answer", fault{cut: headerBytes(0)}, 502, "upstream_unavailable", 1)
	f("reset before an answer", fault{cut: headerBytes(0), behind: reset}, 502, "upstream_unavailable", 1)
	f("no answer", fault{cut: headerBytes(0), behind: stalled}, 504, "upstream_timeout", 1)
	f("ended in the header", fault{cut: headerBytes(20)}, 502, "upstream_unavailable", 1)
	f("ended in the body", fault{cut: bodyBytes(5)}, 502, "upstream_unavailable", 1)
	f("reset in the body", fault{cut: bodyBytes(5), behind: reset}, 502, "upstream_unavailable", 1)
	f("stalled in the body", fault{cut: bodyBytes(5), behind: stalled}, 504, "upstream_timeout", 1)
	f("no HTTP", fault{instead: "shelob greets you\r\n"}, 502, "upstream_unavailable", 0)
	f("a proxy's 502", fault{instead: proxyPage("502 Bad Gateway")}, 502, "upstream_unavailable", 0)
	f("a proxy's 503", fault{instead: proxyPage("503 Service Unavailable")}, 502, "upstream_unavailable", 0)
	f("a proxy's 504", fault{instead: proxyPage("504 Gateway Timeout")}, 504, "upstream_timeout", 0)
}

// More requests than connections wait for one another.
func TestConnectionsAreBounded(t *testing.T) {
	o := newOutage(t)
	full, goOn := make(chan struct{}), make(chan struct{})
	var inside, atOnce atomic.Int32
	id := app.OnRecordsListRequest("notes").BindFunc(func(e *core.RecordsListRequestEvent) error {
		n := inside.Add(1)
		defer inside.Add(-1)
		if n > atOnce.Load() {
			atOnce.Store(n)
		}
		if n == most {
			close(full)
		}
		<-goOn
		return e.Next()
	})
	defer app.OnRecordsListRequest("notes").Unbind(id)
	var all sync.WaitGroup
	for range 6 * most {
		all.Go(func() { o.ask("GET", notes, "").is(200, "") })
	}
	<-full
	close(goOn)
	all.Wait()
	if n := atOnce.Load(); n > most {
		t.Errorf("%d requests at once", n)
	}
	if n := o.network.mostOpen(); n > most+3 { // and those of the probe and the feed of changes
		t.Errorf("%d connections", n)
	}
}

// Nor do they wait for ever, and those that got no connection did nothing.
func TestWaitingEnds(t *testing.T) {
	o := newOutage(t)
	written := creations(t)
	o.network.set(fault{cut: headerBytes(0), behind: stalled})
	var all sync.WaitGroup
	var sent, busy atomic.Int32
	for range 6 * most {
		all.Go(func() {
			a := o.ask("POST", notes, `{"title":"many"}`)
			if a.status == 504 {
				o.fails(a, 504, "upstream_timeout")
				sent.Add(1)
				return
			}
			o.fails(a, 503, "upstream_busy")
			busy.Add(1)
		})
	}
	all.Wait()
	if written.Load() > sent.Load() || busy.Load() == 0 {
		t.Errorf("%d arrived; %d may have been sent, it was said, and %d not", written.Load(), sent.Load(), busy.Load())
	}
	o.network.set(fault{})
	o.becomes(true)
	o.ask("GET", notes, "").is(200, "")
}

// A transfer that breaks reaches the client as a broken one.
func TestFilesThatBreakOff(t *testing.T) {
	o := newOutage(t)
	c, err := app.FindCollectionByNameOrId("notes")
	if err != nil {
		t.Fatal(err)
	}
	note := core.NewRecord(c)
	file, err := filesystem.NewFileFromBytes([]byte(strings.Repeat("0123456789abcdef", 64<<10)), "long.txt")
	if err != nil {
		t.Fatal(err)
	}
	note.Set("doc", file)
	if err := app.Save(note); err != nil {
		t.Fatal(err)
	}
	path := "/api/files/notes/" + note.Id + "/" + note.GetString("doc")
	get := func(x fault) (status int, body []byte, err error) {
		t.Helper()
		o.network.set(x)
		for status = 503; status == 503; { // what the fault before has done may be noticed late
			o.becomes(true)
			w := o.dial()
			w.send("GET " + path + " HTTP/1.1\r\nHost: hapta\r\n\r\n")
			r, err := http.ReadResponse(w.in, nil)
			if err != nil {
				t.Fatal(err)
			}
			status = r.StatusCode
			if body, err = io.ReadAll(r.Body); err != nil {
				return status, body, err
			}
		}
		return status, body, nil
	}
	whole := func() {
		t.Helper()
		if status, body, err := get(fault{}); status != 200 || err != nil || len(body) != 1<<20 {
			t.Fatalf("%d with %d bytes, %v", status, len(body), err)
		}
	}
	whole()
	for _, behind := range []ending{closed, reset, stalled} {
		// longer than the schema, which the probe reads
		if status, body, err := get(fault{cut: bodyBytes(100_000), behind: behind}); status != 200 || err == nil || len(body) >= 1<<20 {
			t.Errorf("%d with %d bytes ends with %v", status, len(body), err)
		}
		whole()
	}
}

// An event stream may be silent for longer than any other answer; when the
// network ends it, it ends for the client too, and another one opens.
func TestEventsThatBreakOff(t *testing.T) {
	o := newOutage(t)
	listen := func() *bufio.Reader {
		t.Helper()
		w := o.dial()
		w.send("GET /api/realtime HTTP/1.1\r\nHost: hapta\r\n\r\n")
		r, err := http.ReadResponse(w.in, nil)
		if err != nil || r.StatusCode != 200 {
			t.Fatal(r, err)
		}
		events := bufio.NewReader(r.Body)
		if line, err := events.ReadString('\n'); err != nil || !strings.HasPrefix(line, "id:") {
			t.Fatalf("%q, %v", line, err)
		}
		return events
	}
	for range most { // they take nothing from other requests
		listen()
	}
	events := listen()
	o.ask("GET", notes, "").is(200, "")
	o.network.set(fault{})
	if _, err := io.ReadAll(events); err == nil {
		t.Error("the stream ends as if it were complete")
	}
	o.becomes(true)
	listen()
}
