package httpapi

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// dialSmall connects as a client whose system takes little before it is read.
func (f *face) dialSmall() *wire {
	f.Helper()
	d := net.Dialer{Control: func(_, _ string, c syscall.RawConn) (err error) {
		err2 := c.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10) })
		if err == nil {
			err = err2
		}
		return err
	}}
	c, err := d.DialContext(f.Context(), "tcp", f.addr)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = c.Close() })
	return &wire{f.T, c, bufio.NewReaderSize(bounded{c}, 16)}
}

const largeFile = 4 << 20

// seedLargeFile makes a note with one, and returns its path.
func seedLargeFile(t *testing.T) string {
	t.Helper()
	c, err := app.FindCollectionByNameOrId("notes")
	if err != nil {
		t.Fatal(err)
	}
	note := core.NewRecord(c)
	note.Set("doc", &filesystem.File{Name: "large.txt", OriginalName: "large.txt", Size: largeFile, Reader: &filesystem.BytesReader{Bytes: []byte(strings.Repeat("x", largeFile))}})
	if err := app.Save(note); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Delete(note); err != nil {
			t.Error(err)
		}
	})
	return "/api/files/notes/" + note.Id + "/large.txt"
}

// countDownloads tells how many files PocketBase is sending.
func countDownloads(t *testing.T) *atomic.Int64 {
	var n atomic.Int64
	id := app.OnFileDownloadRequest().BindFunc(func(e *core.FileDownloadRequestEvent) error {
		n.Add(1)
		defer n.Add(-1)
		return e.Next()
	})
	t.Cleanup(func() { app.OnFileDownloadRequest().Unbind(id) })
	return &n
}

// endless has PocketBase answer /api/own/endless for as long as anybody reads.
func endless(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/own/endless" {
			next.ServeHTTP(w, r)
			return
		}
		for {
			if _, err := io.WriteString(w, strings.Repeat("x", 4<<10)); err != nil {
				return
			}
		}
	})
}

// A client that takes nothing of an answer is given up, and what PocketBase
// still has of it with it.
func TestSlowReaders(t *testing.T) {
	file, downloads := seedLargeFile(t), countDownloads(t)
	change := func(o *Options) {
		o.Admission = Admission{HeaderTimeout: time.Minute, BodyTimeout: short, IdleTimeout: time.Minute}
		o.Passthrough = []string{"/api/own/"}
	}
	gone := func(f *face, head string) {
		f.Helper()
		w := f.dialSmall().serves() // what it has waited for before counts no more
		w.send("GET " + head + "\r\nHost: hapta\r\n\r\n")
		until(func() bool { open, _ := f.connections.count(); return open > 0 })
		f.awaitConnections(0)
		until(func() bool { return downloads.Load() == 0 })
		all, err := io.ReadAll(w)
		if whole := largeFile; len(all) >= whole || err == nil { // nobody may take it for whole
			f.Errorf("%s: %d bytes have come, %v", head, len(all), err)
		}
	}
	beforeEach(t, change, func(f *face) {
		gone(f, file+" HTTP/1.1")
		gone(f, file+" HTTP/1.0")
		gone(f, "/api/collections/bulk/records HTTP/1.1")
	})
	t.Run("endless", func(t *testing.T) {
		f := newFaceBefore(t, openRemote(t, endless), change)
		gone(f, "/api/own/endless HTTP/1.1")
		gone(f, "/api/own/endless HTTP/1.0")
	})
}

// The kernel holds little of an answer for a client that takes none of it.
func TestLittleWaitsInTheKernel(t *testing.T) {
	f := newFace(t, admitting(Admission{BodyTimeout: short}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f.addr = l.Addr().String()
	f.dialSmall()
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c := newConn(accepted, f.connections)
	defer c.Close()
	if n, err := c.Write(make([]byte, largeFile)); !errors.Is(err, os.ErrDeadlineExceeded) || n > 4*maxUnsent {
		t.Errorf("%d bytes were taken, %v", n, err)
	}
}

// Whoever is slow, and never slower than what is asked of them, takes as long as
// they need.
func TestHonestSlowClients(t *testing.T) {
	file := seedLargeFile(t)
	admit := admitting(Admission{HeaderTimeout: enough, BodyTimeout: enough, IdleTimeout: enough})
	const pause = enough / 40
	const times = 80 // together twice as long as anybody waits at once
	t.Run("together", func(t *testing.T) {
		for _, path := range []string{file, "/api/collections/bulk/records"} {
			t.Run("reader", func(t *testing.T) {
				t.Parallel()
				w := newFace(t, admit).dialSmall()
				w.send("GET " + path + " HTTP/1.1\r\nHost: hapta\r\nConnection: close\r\n\r\n")
				r, err := http.ReadResponse(w.in, nil)
				if err != nil || r.ContentLength < largeFile {
					t.Fatalf("%v, %v", r, err)
				}
				left := r.ContentLength
				for left > 0 {
					n, err := io.CopyN(io.Discard, r.Body, min(left, r.ContentLength/times+1))
					if left -= n; err != nil {
						t.Fatalf("%s ends %d bytes before its end: %v", path, left, err)
					}
					time.Sleep(pause)
				}
			})
		}
		t.Run("writer", func(t *testing.T) {
			t.Parallel()
			w := newFace(t, admit).dial()
			piece := strings.Repeat(" ", 4<<10)
			w.send("POST " + notes + " HTTP/1.1\r\nHost: hapta\r\nContent-Type: application/json\r\nContent-Length: " + itoa(times*len(piece)+2) + "\r\n\r\n{")
			for range times {
				w.send(piece)
				time.Sleep(pause)
			}
			w.send("}")
			w.receive("POST").is(200, "")
		})
	})
}

// An event stream on which nothing happens is nobody's fault, and lives.
func TestStreamsMayBeSilent(t *testing.T) {
	const bound = short / 4
	f := newFace(t, admitting(Admission{HeaderTimeout: bound, BodyTimeout: bound, IdleTimeout: bound}))
	streams := map[string]*wire{"1.1": f.dial(), "1.0": f.dial()} // fasthttp gives the other one away
	for version, w := range streams {
		w.send("GET /api/realtime HTTP/" + version + "\r\nHost: hapta\r\n\r\n")
	}
	ids := map[string]string{}
	for version, w := range streams {
		ids[version] = w.until("id:")
	}
	time.Sleep(8 * bound)
	for version, w := range streams {
		client, err := app.SubscriptionsBroker().ClientById(ids[version])
		if err != nil {
			t.Fatal(err)
		}
		client.Send(subscriptions.Message{Name: "news", Data: []byte("{}")})
		w.until("event:news")
	}
}

// until reads on to a text, and returns what follows it in its line.
func (w *wire) until(text string) string {
	w.Helper()
	for {
		line, err := w.in.ReadString('\n')
		if err != nil {
			w.Fatalf("%q does not come: %v", text, err)
		}
		if _, rest, ok := strings.Cut(line, text); ok {
			return strings.TrimSpace(rest)
		}
	}
}
