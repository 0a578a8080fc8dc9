package httpapi

import (
	"io"
	"net/textproto"
	"slices"
	"strings"
	"testing"
)

// Nothing that a client sends becomes a line of an answer, or of what
// PocketBase is sent.
func TestHeadersCannotBeInjected(t *testing.T) {
	f := newFace(t, func(o *Options) { o.CORSOrigins = []string{"*"} })
	const preflight = "OPTIONS " + notes + " HTTP/1.1\r\nHost: hapta\r\nConnection: close\r\nOrigin: http://x\r\nAccess-Control-Request-Method: GET\r\n"
	names := func(raw string) (head string, names []string) {
		t.Helper()
		w := f.dial()
		w.send(raw)
		all, err := io.ReadAll(w.in)
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ = strings.Cut(string(all), "\r\n\r\n")
		for _, line := range strings.Split(head, "\r\n")[1:] {
			name, _, ok := strings.Cut(line, ": ")
			if !ok || strings.ContainsAny(line, "\r\n\x00") {
				t.Errorf("%q is answered with the line %q", raw, line)
			}
			names = append(names, textproto.CanonicalMIMEHeaderKey(name))
		}
		return head, names
	}
	_, expected := names(preflight + "Access-Control-Request-Headers: x\r\n\r\n")
	for _, asked := range []string{"a, b: c", "x; Set-Cookie: a=b", `"\r\nSet-Cookie: a=b"`, "%0d%0aSet-Cookie: a=b", "\\r\\nSet-Cookie: a", "a\u2028Set-Cookie: a=b", "\u560d\u560aSet-Cookie: a=b", "\xe5\x98\x8a\xe5\x98\x8dSet-Cookie: a", "a\tb"} {
		head, got := names(preflight + "Access-Control-Request-Headers: " + asked + "\r\n\r\n")
		if !slices.Equal(got, expected) || !strings.Contains(head, "\r\nAccess-Control-Allow-Headers: "+asked+"\r\n") {
			t.Errorf("%q is answered %q", asked, head)
		}
	}
	for _, asked := range []string{"a\r\n Set-Cookie: a=b", "a\nSet-Cookie: a=b", "a\rSet-Cookie: a=b", "a\x00b", "a\r\n\tb"} {
		for _, name := range []string{"Access-Control-Request-Headers", "X-Request-Id", "Authorization", "X-Custom", "User-Agent", "Content-Type"} {
			if head, got := names(preflight + name + ": " + asked + "\r\n\r\n"); !strings.HasPrefix(head, "HTTP/1.1 400 ") || slices.Contains(got, "Set-Cookie") {
				t.Errorf("%s: %q is answered %q", name, asked, head)
			}
		}
	}
	f = newFace(t, func(o *Options) { o.CORSOrigins = []string{"http://one"} })
	for _, origin := range []string{"http://one ,", "http://one\x0b", "http://one\u2028", "http://one, http://two", "http://one%0d%0aX: x"} {
		if head, _ := names(strings.Replace(preflight, "http://x", origin, 1) + "\r\n"); strings.Contains(head, "Access-Control-Allow-Origin") {
			t.Errorf("%q is answered %q", origin, head)
		}
	}
}

// Line breaks that a target hides stay where they are.
func TestLineBreaksInTargets(t *testing.T) {
	l := newTapped(t, nil)
	const host = " HTTP/1.1\r\nHost: hapta\r\n\r\n"
	l.sends("in the query", "GET "+notes+"?x=a%0d%0aX-Evil:%20b%00"+host, "200, open", "GET "+notes+"?x=a%0D%0AX-Evil%3A+b%00")
	l.sends("in the path", "GET "+notes+"/a%0d%0aX-Evil:%20b"+host, "400 bad_path, open")
	l.sends("in the file's name", "GET /api/files/notes/x/a%0d%0ab"+host, "400 bad_path, open")
	a := l.ask("GET", "/api/files/tasks/"+taskID+"/a%20b_1.txt?download=%0d%0aSet-Cookie:%20a=b", "").is(200, "")
	if a.header.Get("Set-Cookie") != "" {
		t.Errorf("the header is %v", a.header)
	}
}
