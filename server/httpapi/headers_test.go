package httpapi

import (
	"strings"
	"testing"
)

// A request's header is read in one way only, or not at all (RFC 9112,
// sections 2, 3 and 5).
func TestHeaderLines(t *testing.T) {
	l := newTapped(t, nil)
	const refused = "400 bad_request, closed"
	f := func(raw, want string, reached ...string) {
		t.Helper()
		l.sends(raw, raw, want, reached...)
	}
	const line, list = "GET " + notes + " HTTP/1.1\r\n", "GET " + notes
	f(line+"Host: hapta\r\n\r\n", "200, open", list)
	f("\r\n\r\n"+line+"Host: hapta\r\n\r\n", "200, open", list) // section 2.2
	f(line+"Host: hapta\r\nX-A:\r\nX-B: \t \r\nX-C: \xe4\r\n\r\n", "200, open", list)

	// line ends
	f(line+"Host: hapta\n\r\n", refused)
	f(line+"Host: hapta\r\nX: x\n\r\n", refused)
	f(line+"Host: hapta\r\nX: x\n\n", refused)
	f(line+"Host: hapta\n\n", refused)
	f(line+"Host: hapta\r\n\n", refused)
	f(line+"Host: hapta\rX: x\r\n\r\n", refused)
	f(line+"Host: hapta\r\r\n\r\n", refused)
	f(line+"Host: hapta\r\nX: a\rb\r\n\r\n", refused)
	f(line+"Host: hapta\r\nX: a\nContent-Length: "+itoa(len(probe))+"\r\n\r\n", refused)

	// but for the request's own line: section 2.2 lets it, and nobody reads two lines there
	f("\n"+line+"Host: hapta\r\n\r\n", "200, open", list)
	f("GET "+notes+" HTTP/1.1\nHost: hapta\r\n\r\n", "200, open", list)
	f("GET "+notes+" HTTP/1.1\rHost: hapta\r\n\r\n", refused)

	// folded lines
	f(line+"Host: hapta\r\nX: a\r\n b\r\n\r\n", refused)
	f(line+"Host: hapta\r\nX: a\r\n\tb\r\n\r\n", refused)
	f(line+"Host: hapta\r\nX:\r\n \r\n\r\n", refused)
	f(line+"Host: hapta\r\nContent-Length:\r\n 5\r\n\r\nhello", refused)
	f(line+"Host: hapta\r\nX: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", refused)
	f(line+" Host: hapta\r\n\r\n", refused)
	f(line+"\tX: x\r\nHost: hapta\r\n\r\n", refused)

	// names and values
	for _, bad := range []string{
		"X : x", "X\t: x", "X Y: x", ": x", "X", "X\x00: x", "X\x7f: x", "X\xff: x", "X@: x", "X[]: x", "\"X\": x", "X/Y: x", "X,Y: x", "X;Y: x", "{X}: x", "\u00c4: x",
		"X: a\x00b", "X: a\x01b", "X: a\x7fb", "X: a\x0bb", "X: \x1b[0m",
	} {
		f(line+"Host: hapta\r\n"+bad+"\r\n\r\n", refused)
		f(line+bad+"\r\nHost: hapta\r\n\r\n", refused)
	}
	// hosts
	f(line+"X: x\r\n\r\n", refused)
	f(line+"Host:\r\n\r\n", refused)
	f(line+"Host: hapta\r\nHost: hapta\r\n\r\n", refused)
	f(line+"Host: hapta\r\nhost: other\r\n\r\n", refused)
	for _, host := range []string{"a b", "a,b", "a/b", "a@b", "a?b", "a#b", `a\b`, "a\x00b", "[::1", "a\tb"} {
		f(line+"Host: "+host+"\r\n\r\n", refused)
	}
	for _, host := range []string{"hapta:3000", "[::1]:3000", "127.0.0.1", "xn--9ca.example", "a_b"} {
		f(line+"Host: "+host+"\r\n\r\n", "200, open", list)
	}
}

func TestRequestLines(t *testing.T) {
	l := newTapped(t, nil)
	const refused, host, list = "400 bad_request, closed", "\r\nHost: hapta\r\n\r\n", "GET " + notes
	f := func(line, want string, reached ...string) {
		t.Helper()
		l.sends(line, line+host, want, reached...)
	}
	for _, bad := range []string{
		"GET", "GET " + notes, notes + " HTTP/1.1", "GET  " + notes + " HTTP/1.1", "GET " + notes + "  HTTP/1.1", "GET " + notes + " HTTP/1.1 ", "GET\t" + notes + "\tHTTP/1.1",
		" GET " + notes + " HTTP/1.1", "GET " + notes + " x HTTP/1.1", "GET " + notes + " HTTP/1.1\r", "G\x00T " + notes + " HTTP/1.1", "G(T " + notes + " HTTP/1.1",
		"GET " + notes + "\x00 HTTP/1.1", "GET " + notes + "\x7f HTTP/1.1", "GET " + notes + "\x0b HTTP/1.1", "GET api HTTP/1.1", "GET * HTTP/1.1", "GET hapta:80 HTTP/1.1",
		"GET ? HTTP/1.1", "GET  HTTP/1.1", "PRI * HTTP/2.0", "nonsense", "\x16\x03\x01\x02",
	} {
		f(bad, refused)
	}
	for _, version := range []string{
		"HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/2", "HTTP/3", "HTTP/9.9", "HTTP/1", "HTTP/1.", "HTTP/1.10", "HTTP/01.1", "HTTP/1.1.1", "http/1.1", "Http/1.1",
		"HTTP/1,1", "HTTP/+1.1", "HTTP /1.1", "HTTPS/1.1", "ICY/1.1", "", "HTTP/1.\u0661",
	} {
		f("GET "+notes+" "+version, refused)
	}
	// methods are exact, and none is another's
	for _, method := range []string{"get", "Get", "HEAD2", "TRACE", "TRACK", "PUT", "PROPFIND", "PATCH", "DELETE", "CONNECT", "_"} {
		f(method+" "+notes+" HTTP/1.1", "404, open")
	}
	f("OPTIONS "+notes+" HTTP/1.1", "204, open")
	f("OPTIONS * HTTP/1.1", "204, open")
	f("CONNECT hapta:80 HTTP/1.1", "400 bad_path, open")
	f("CONNECT /api/settings HTTP/1.1", "404, open")
	for _, name := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"} {
		l.sends(name, "GET "+notes+"/x?_method=DELETE HTTP/1.1\r\n"+name+": DELETE"+host, "404, open", "GET "+notes+"/x?_method=DELETE")
		l.sends(name, "POST "+notes+"/x HTTP/1.1\r\n"+name+": DELETE"+host, "404, open")
	}
	for _, name := range []string{"X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path", "X-Forwarded-Prefix", "X-Forwarded-Uri"} {
		l.sends(name, "GET "+notes+" HTTP/1.1\r\n"+name+": /api/settings"+host, "200, open", list)
	}
}

// What fasthttp and PocketBase would make of the target is one and the same.
func TestTargets(t *testing.T) {
	l := newTapped(t, nil)
	const list = "GET " + notes
	f := func(target, want string, reached ...string) {
		t.Helper()
		l.sends(target, "GET "+target+" HTTP/1.1\r\nHost: hapta\r\n\r\n", want, reached...)
		l.sends(target+" of 1.0", "GET "+target+" HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", strings.Replace(want, "200, open", "200, open", 1), reached...)
	}
	f(notes, "200, open", list)
	f("http://hapta"+notes, "200, open", list)
	f("http://other.example"+notes, "200, open", list)
	f("HTTP://hapta:3000"+notes, "200, open", list)
	f(notes+"?page=1&x=//api/settings", "200, open", list+"?page=1&x=%2F%2Fapi%2Fsettings")
	f(notes+"?x=http://h/api/settings", "200, open", list+"?x=http%3A%2F%2Fh%2Fapi%2Fsettings")
	f(notes+"?x=a?y=b", "200, open", list+"?x=a%3Fy%3Db")
	f(notes+"?x=/../../settings", "200, open", list+"?x=%2F..%2F..%2Fsettings")
	for _, bad := range []string{
		"http://hapta", "http://hapta/", "http://" + notes, "http://?" + notes, "http://hapta?" + notes, "http://hapta#" + notes, "http:" + notes, "http:/" + notes,
		"ftp://hapta" + notes, "file://" + notes, "//hapta" + notes, "///" + notes, "/" + notes, "//" + notes[1:], notes + "#", notes + "#?x", "/#" + notes, notes + "?x#y", "http://hapta/" + notes,
		"http://hapta//evil" + notes, "https://user:pass@hapta" + notes, "http://ha`pta" + notes, "http://hapta:x" + notes, "http://hapta/.." + notes, "javascript://hapta" + notes,
	} {
		for _, version := range []string{"1.1\r\nHost: hapta", "1.0"} {
			answers := l.exchange(bad, "GET "+bad+" HTTP/"+version+"\r\n\r\n"+probe)
			if a := answers[0]; a.status != 400 && a.status != 404 {
				t.Errorf("%s of %q: %d %s", bad, version, a.status, a.body)
			}
		}
	}
	if reached := l.take(); len(reached) > 0 {
		t.Errorf("PocketBase received %q", reached)
	}
}
