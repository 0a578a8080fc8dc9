package httpapi

import (
	"net"
	"strings"
	"testing"
)

// Chunks end where RFC 9112, section 7.1, says, or the request is refused and
// the connection with it.
func TestChunks(t *testing.T) {
	l := newTapped(t, nil)
	const signIn = "POST /api/collections/users/auth-with-password HTTP/1.1\r\nHost: hapta\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
	const body = `{"identity":"x"}` // 16 bytes, which PocketBase does not take for a sign-in
	f := func(chunks, want string, reached ...string) {
		t.Helper()
		l.sends(chunks, signIn+chunks, want, reached...)
	}
	taken := func(chunks string) {
		t.Helper()
		f(chunks, "400, closed", "POST /api/collections/users/auth-with-password "+body)
	}
	taken("10\r\n" + body + "\r\n0\r\n\r\n")
	taken("00010\r\n" + body + "\r\n000\r\n\r\n")
	taken("8\r\n" + body[:8] + "\r\n8\r\n" + body[8:] + "\r\n0\r\n\r\n")
	taken("10;a=b;c=\"d\"\r\n" + body + "\r\n0;x\r\n\r\n")
	taken("10;" + strings.Repeat("x", 1000) + "\r\n" + body + "\r\n0\r\n\r\n")
	taken("10 \r\n" + body + "\r\n0\r\n\r\n")

	// what comes in trailers is no header, and nothing is read behind them
	taken("10\r\n" + body + "\r\n0\r\nX-Trailer: x\r\n\r\n")
	taken("10\r\n" + body + "\r\n0\r\nX-Trailer: x\n\r\n" + smuggled)
	taken("10\r\n" + body + "\r\n0\r\n\n" + smuggled)
	taken("10\r\n" + body + "\r\n0\r\nX-Hapta-Caller: users/x\r\n\r\n")

	for _, bad := range []string{
		"10\n" + body + "\r\n0\r\n\r\n", "10\r" + body + "\r\n0\r\n\r\n", "10\r\n" + body + "\n0\r\n\r\n", "10\r\n" + body + "0\r\n\r\n",
		"10;x\n" + body + "\r\n0\r\n\r\n", "10;x\ry\r\n" + body + "\r\n0\r\n\r\n", "10 ;x\r\n" + body + "\r\n0\r\n\r\n",
		"f\r\n" + body + "\r\n0\r\n\r\n", "11\r\n" + body + "\r\n0\r\n\r\n",
		"-10\r\n" + body + "\r\n0\r\n\r\n", "+10\r\n" + body + "\r\n0\r\n\r\n", "0x10\r\n" + body + "\r\n0\r\n\r\n", "1_0\r\n" + body + "\r\n0\r\n\r\n",
		" 10\r\n" + body + "\r\n0\r\n\r\n", "\r\n10\r\n" + body + "\r\n0\r\n\r\n", "g\r\n" + body + "\r\n0\r\n\r\n", ";\r\n" + body + "\r\n0\r\n\r\n",
		"10000000000000010\r\n" + body + "\r\n0\r\n\r\n", "fffffffffffffff0\r\n" + body + "\r\n0\r\n\r\n", "7fffffffffffffff\r\n" + body + "\r\n0\r\n\r\n",
		"10\x00\r\n" + body + "\r\n0\r\n\r\n", "1\u0660\r\n" + body + "\r\n0\r\n\r\n",
		"10\r\n" + body + "\r\n0\n\r\n" + smuggled, "10\r\n" + body + "\r\n0\r\r\n" + smuggled,
		"10\r\n" + body + "\r\n0\r\nno trailer\r\n\r\n" + smuggled, "10\r\n" + body + "\r\n0\r\n: x\r\n\r\n" + smuggled,
		"10\r\n" + body + "\r\n0\r\nX: a\x00b\r\n\r\n" + smuggled,
		"10\r\n" + body + "\r\n0\r\nAuthorization: x\r\n\r\n", "10\r\n" + body + "\r\n0\r\nContent-Length: 5\r\n\r\n", "10\r\n" + body + "\r\n0\r\nHost: x\r\n\r\n",
		"10\r\n" + body + "\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", "10\r\n" + body + "\r\n0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n",
		"10\r\n" + body + "\r\n0\r\nConnection: keep-alive\r\n\r\n", "10\r\n" + body + "\r\n0\r\nContent-Type: text/plain\r\n\r\n",
	} {
		f(bad, "400 bad_body, closed")
	}
}

// A body that is passed on while it comes is refused alike, and nothing of what
// follows is taken for a request.
func TestChunksThatArePassedOn(t *testing.T) {
	l := newTapped(t, nil)
	const path = "/api/collections/users/request-password-reset"
	const head = "POST " + path + " HTTP/1.1\r\nHost: hapta\r\nContent-Type: application/json\r\n"
	l.sends("whole", head+"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "400, closed", "POST "+path+" {}")
	for _, bad := range []string{"2\n{}\r\n0\r\n\r\n", "2\r\n{}\r\n-1\r\n\r\n", "2\r\n{}0\r\n\r\n", "2\r\n{}\r\n0\r\nAuthorization: x\r\n\r\n", "3\r\n{}\r\n0\r\n\r\n"} {
		l.sends(bad, head+"Transfer-Encoding: chunked\r\n\r\n"+bad, "400 bad_body, closed", anything)
	}
}

// A body that breaks off is never taken for a whole one (RFC 9112, section 8).
func TestBodiesThatBreakOff(t *testing.T) {
	f, before := newFace(t, nil), countNotes(t)
	broken := func(raw string) {
		t.Helper()
		w := f.dial()
		w.send(raw)
		if err := w.Conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if a := w.receive("POST"); a.status != 400 { // by PocketBase, where it reads the body itself
			t.Errorf("%.200q: %d %s", raw, a.status, a.body)
		}
	}
	long := strings.Repeat(" ", 100_000)
	for _, path := range []string{notes, "/api/batch", "/api/realtime", "/api/collections/users/auth-with-password", "/api/collections/users/request-verification"} {
		head := "POST " + path + " HTTP/1.1\r\nHost: hapta\r\nContent-Type: application/json\r\n"
		broken(head + "Content-Length: 14\r\n\r\n" + note)
		broken(head + "Content-Length: 100014\r\n\r\n" + long + note[:12])
		for _, part := range []string{"c\r\n" + note[:12] + "\r\n", "d\r\n" + note[:12], "c\r\n" + note[:12] + "\r\n0", "c\r\n" + note[:12] + "\r\n0\r\n"} {
			broken(head + "Transfer-Encoding: chunked\r\n\r\n" + part)
		}
	}
	if n := countNotes(t); n != before {
		t.Errorf("%d notes were made", n-before)
	}
}

func countNotes(t *testing.T) int64 {
	t.Helper()
	n, err := app.CountRecords("notes")
	if err != nil {
		t.Fatal(err)
	}
	return n
}
