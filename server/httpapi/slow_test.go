package httpapi

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	short  = 200 * time.Millisecond // for what has to end
	enough = 2 * time.Second        // for what has to go on, on a machine that is busy
)

// drips sends a byte now and then until the server no longer takes any.
func (w *wire) drips() {
	for {
		if _, err := io.WriteString(w.Conn, "x"); err != nil {
			return
		}
		time.Sleep(short / 20)
	}
}

func TestSlowHeaders(t *testing.T) {
	f := newFace(t, admitting(Admission{HeaderTimeout: short, IdleTimeout: time.Minute, BodyTimeout: time.Minute}))
	for _, begun := range []string{"G", "GET / HTTP/1.1\r\nHost: hapta\r\n", "GET / HTTP/1.1\r\nHost: hapta\r\nX-Slow: "} {
		w := f.dial()
		w.send(begun)
		go w.drips()
		w.receive("GET").is(408, "request_too_slow")
		w.ended()
	}
	again := f.dial().serves() // and so for a request that is not the first
	again.send("GET / HTTP/1.1\r\nX-Slow: ")
	go again.drips()
	again.receive("GET").is(408, "request_too_slow")
	again.ended()
}

// The rest of a header that begins behind another request is awaited no longer
// than a body.
func TestSlowHeadersBehindOthers(t *testing.T) {
	f := newFace(t, admitting(Admission{HeaderTimeout: time.Minute, IdleTimeout: time.Minute, BodyTimeout: short}))
	w := f.dial()
	w.send(live + "GET / HTTP/1.1\r\nX-Slow: ")
	w.receive("GET").is(200, "")
	go w.drips()
	w.receive("GET").is(408, "request_too_slow")
	w.ended()
}

// A connection on which nothing is asked ends without a word.
func TestSilentConnections(t *testing.T) {
	f := newFace(t, admitting(Admission{HeaderTimeout: short, IdleTimeout: time.Minute}))
	if rest := f.dial().ended(); rest != "" {
		t.Errorf("a new one ends with %q", rest)
	}
	f = newFace(t, admitting(Admission{HeaderTimeout: time.Minute, IdleTimeout: short}))
	if rest := f.dial().serves().ended(); rest != "" {
		t.Errorf("one that was used ends with %q", rest)
	}
}

// slowBodies are requests whose body does not come to its end: of a size that
// comes along with the header, and of one that is read by whoever serves it.
func slowBodies(existing string) map[string]string {
	const form = "Content-Type: multipart/form-data; boundary=b\r\n"
	const file = "--b\r\nContent-Disposition: form-data; name=\"doc\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n"
	head := func(method, path, more string) string {
		return method + " " + path + " HTTP/1.1\r\nHost: hapta\r\n" + more
	}
	const sized, chunked = "Content-Length: 20000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"
	const json, long = "Content-Type: application/json\r\n", 20_000
	return map[string]string{
		"begun":      head("POST", notes, json+sized) + `{"title":"`,
		"create":     head("POST", notes, json+sized) + `{"title":"` + strings.Repeat("x", long),
		"in chunks":  head("POST", notes, json+chunked) + "fffff\r\n" + `{"title":"`,
		"update":     head("PATCH", notes+"/"+existing, json+sized) + `{"title":"` + strings.Repeat("x", long),
		"upload":     head("POST", notes, form+sized) + file + strings.Repeat("x", 6<<20),
		"batch":      head("POST", "/api/batch", json+sized) + `{"requests":[` + strings.Repeat(" ", long),
		"sign-in":    head("POST", "/api/collections/users/auth-with-password", json+"Content-Length: 100000\r\n\r\n") + strings.Repeat(" ", long),
		"passed on":  head("POST", "/api/own/x", json+sized) + strings.Repeat("x", long),
		"own upload": head("POST", "/api/own/x", form+sized) + file + strings.Repeat("x", 6<<20),
		"own routes": head("PUT", "/api/own/x", json+chunked) + "fffff\r\n" + strings.Repeat("x", long),
	}
}

// A body that does not come is given up, and with it all that was begun for it:
// goroutines (see TestMain), files, and what PocketBase has begun.
func TestSlowBodies(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var inside atomic.Int64
	counting := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/api/own/") { // which this PocketBase has not
				inside.Add(1)
				defer inside.Add(-1)
				if _, err := io.Copy(io.Discard, r.Body); err == nil {
					t.Errorf("%s: the body has come whole", r.URL.Path)
				}
			}
			next.ServeHTTP(w, r)
		})
	}
	change := func(o *Options) {
		o.Admission = Admission{HeaderTimeout: time.Minute, BodyTimeout: short}
		o.Passthrough = []string{"/api/own/"}
	}
	each := func(f *face) {
		note := f.ask("POST", notes, `{"title":"x"}`).is(200, "").id()
		spooled := watchSpool(f.T)
		for _, use := range []func(){f.useRules, func() { f.usePolicy(false) }, func() { f.usePolicy(true) }} {
			use()
			slow := map[string]*wire{}
			for name, raw := range slowBodies(note) {
				w := f.dial()
				slow[name] = w
				go func() {
					_, _ = io.WriteString(w.Conn, raw) // the server may have given up already
					w.drips()
				}()
			}
			for name, w := range slow {
				if a := w.receive("POST"); a.status != 408 || a.code() != "request_too_slow" {
					f.Errorf("%s: answered %d %s", name, a.status, a.body)
				}
				w.ended()
			}
		}
		f.awaitConnections(0)
		if at := f.working.Load(); at != 0 {
			f.Errorf("%d requests are at work", at)
		}
		until(func() bool { return inside.Load() == 0 })
		if !spooled.Load() || isSpooled() {
			f.Errorf("an upload was written to a file: %t; it is still there: %t", spooled.Load(), isSpooled())
		}
	}
	t.Run("embedded", func(t *testing.T) { each(newFace(t, change)) })
	t.Run("remote", func(t *testing.T) { each(newFaceBefore(t, openRemote(t, counting), change)) })
}

// isSpooled tells whether there is a file of an upload, as mime/multipart names it.
func isSpooled() bool {
	files, err := filepath.Glob(filepath.Join(os.TempDir(), "multipart-*"))
	return err == nil && len(files) > 0
}

// watchSpool tells whether there has ever been one.
func watchSpool(t *testing.T) *atomic.Bool {
	var seen, over atomic.Bool
	var watching sync.WaitGroup
	watching.Go(func() { until(func() bool { seen.Store(seen.Load() || isSpooled()); return over.Load() }) })
	t.Cleanup(func() { over.Store(true); watching.Wait() })
	return &seen
}

// id is that of the record that comes back.
func (a answer) id() string {
	a.Helper()
	var record struct{ ID string }
	if err := json.Unmarshal([]byte(a.body), &record); err != nil || record.ID == "" {
		a.Fatalf("there is no id in %s", a.body)
	}
	return record.ID
}
