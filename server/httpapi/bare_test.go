package httpapi

import (
	"io"
	"strings"
	"testing"
)

// A client that ends its lines in a bare LF, and has sent everything, is
// answered, though no header has ended yet.
func TestBareLinesAreNotAwaited(t *testing.T) {
	l := newTapped(t, nil)
	f := func(raw string) {
		t.Helper()
		l.take()
		w := l.dial()
		w.send(raw)
		w.receive("GET").is(400, "bad_request")
		if rest, err := io.ReadAll(w.in); err != nil || len(rest) > 0 {
			t.Errorf("%q: behind the answer comes %q, %v", raw, rest, err)
		}
		if reached := l.take(); len(reached) > 0 {
			t.Errorf("%q: PocketBase received %q", raw, reached)
		}
	}
	bare := func(raw string) string { return strings.ReplaceAll(raw, "\r\n", "\n") }
	const get = "GET " + notes + " HTTP/1.1\r\nHost: hapta\r\n"
	f(bare(get + "\r\n"))
	f(bare(get))
	f(bare(get) + "\r\n")
	f(get + "X: x\n")
	f(get + "X: x\n\r\n")
	f(get + "\n")
	f(bare(making+"Content-Length: 13\r\n\r\n") + note)
	f(bare(making + "Transfer-Encoding: chunked\r\n\r\n" + inChunk))
	f(bare(smuggled + smuggled))
}

// A header that comes byte by byte is read as it is, its body's lines are its
// own matter, and so does the next one on the connection begin anew.
func TestHeadersInPieces(t *testing.T) {
	l := newTapped(t, nil)
	const body = "{\n\n\"title\":\n\"x\"}\n"
	w := l.dial()
	for range 2 {
		for _, b := range making + "Content-Length: " + itoa(len(body)) + "\r\n\r\n" + body {
			w.send(string(b))
		}
		w.receive("POST").is(200, "")
	}
	w.send(strings.ReplaceAll(smuggled, "\r\n", "\n"))
	w.receive("GET").is(400, "bad_request")
}
