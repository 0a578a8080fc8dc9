package httpapi

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/metrics"
)

// stopsLists has PocketBase stop in each list of notes, and tell of it.
func stopsLists(t *testing.T) (inside <-chan struct{}, goOn func()) {
	entered, going := make(chan struct{}), make(chan struct{})
	id := app.OnRecordsListRequest("notes").BindFunc(func(e *core.RecordsListRequestEvent) error {
		entered <- struct{}{}
		<-going
		return e.Next()
	})
	t.Cleanup(func() { app.OnRecordsListRequest("notes").Unbind(id) })
	return entered, func() { close(going) }
}

const list = "GET " + notes + " HTTP/1.1\r\nHost: hapta\r\n\r\n"

func TestRequestsAreRefusedBeforeWork(t *testing.T) {
	var log strings.Builder
	f := newFace(t, func(o *Options) {
		o.Log = textLog(&log)
		o.Admission.Requests = 2
		o.Admin = &Admin{Key: "the key", List: o.Gateway.Policies, Metrics: metrics.New().Write}
	})
	token := f.signIn()
	inside, goOn := stopsLists(t)
	events := f.dial().streams() // is at work no more
	var running []*wire
	for range 2 {
		w := f.dial()
		w.send(list)
		<-inside
		running = append(running, w)
	}

	const key = "X-Hapta-Admin-Key: the key"
	arrived := arrivedAt(func() {
		for _, path := range []string{notes, "/api/realtime", "/api/own/x", "/missing", "/api/hapta/sessions", "/_/"} {
			if a := f.ask("GET", path, "", key).is(503, "overloaded"); a.header.Get("Retry-After") == "" || a.header.Get("X-Request-Id") == "" {
				t.Errorf("%s: %v", path, a.header)
			}
		}
		w := f.dial()
		w.send(list + "POST " + notes + " HTTP/1.1\r\nHost: hapta\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n" + strings.Repeat(" ", 10_000))
		w.receive("GET").is(503, "overloaded") // and the connection goes on
		w.receive("POST").is(503, "overloaded")
		if rest := w.ended(); rest != "" { // the body is awaited by nobody
			t.Errorf("then comes %q", rest)
		}
	})
	if len(arrived) > 0 {
		t.Errorf("PocketBase was asked: %v", arrived)
	}
	for _, path := range []string{"/api/health", "/api/hapta/health", "/api/hapta/health/ready", "/api/hapta/health/live", "/metrics", "/api/hapta/admin/policies"} {
		f.ask("GET", path, "", key).is(200, "")
	}
	f.ask("GET", "/api/hapta/admin/policies", "").is(401, "admin_key_required")
	f.ask("DELETE", "/api/hapta/sessions", "", "Authorization: "+token).is(204, "")
	f.ask("DELETE", "/api/hapta/sessions/x", "").is(401, "")
	f.ask("DELETE", "/api/hapta/sessions/others", "").is(401, "")

	goOn()
	for _, w := range running {
		w.receive("GET").is(200, "")
	}
	until(func() bool { return f.working.Load() == 0 })
	if line, err := events.in.ReadString('\n'); err != nil || line == "" {
		t.Errorf("the stream has ended: %v", err)
	}
	if said := log.String(); strings.Count(said, "[admission] max_requests") != 1 {
		t.Errorf("the log says %s", said)
	}
}

func (f *face) signIn() (token string) {
	f.Helper()
	return f.ask("POST", "/api/collections/users/auth-with-password", `{"identity":"a@example.com","password":"a password"}`).token()
}

// Other bounds hold at once, for what comes, and cut nothing that is there.
func TestAdmit(t *testing.T) {
	f := newFace(t, nil)
	inside, goOn := stopsLists(t)
	one, other := f.dialFrom("127.0.0.2").serves(), f.dialFrom("127.0.0.2").serves()
	one.send(list)
	<-inside
	f.Admit(Admission{ConnectionsPerAddress: 1, Requests: 1})
	f.dialFrom("127.0.0.2").turnedAway()
	f.ask("GET", notes, "").is(503, "overloaded")
	other.serves()
	f.Admit(Admission{Connections: 2, Requests: 1})
	f.awaitIdle(1)
	f.dialFrom("127.0.0.3").serves()
	if rest := other.ended(); rest != "" {
		t.Errorf("it ends with %q", rest)
	}
	f.Admit(Admission{})
	last := f.dial()
	last.send(list)
	<-inside
	goOn()
	one.receive("GET").is(200, "")
	last.receive("GET").is(200, "")
}

// A body is read by whoever serves its request, and not before it is let in.
func TestRefusedRequestsAreNotAwaited(t *testing.T) {
	f := newFace(t, admitting(Admission{Requests: 1}))
	inside, goOn := stopsLists(t)
	running := f.dial()
	running.send(list)
	<-inside
	w := f.dial()
	w.send(making + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")
	w.receive("POST").is(503, "overloaded")
	_ = w.Close()
	goOn()
	running.receive("GET").is(200, "")
}
