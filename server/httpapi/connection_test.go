package httpapi

import (
	"strings"
	"testing"
)

// What follows on a connection is read from where the request ended, or not.
func TestRequestsBehindOneAnother(t *testing.T) {
	l := newTapped(t, nil)
	const host, get, list = "Host: hapta\r\n", "GET " + notes + " HTTP/1.1\r\n", "GET " + notes
	length := "Content-Length: " + itoa(len(smuggled)) + "\r\n\r\n" + smuggled
	f := func(raw, want string, reached ...string) {
		t.Helper()
		l.sends(raw, raw, want, reached...)
	}
	f(get+host+"\r\n"+get+host+"\r\n"+get+host+"\r\n", "200, 200, 200, open", list, list, list)
	f(get+host+"\r\n\r\n\r\n"+get+host+"\r\n", "200, 200, open", list, list)
	f(making+"Content-Length: 13\r\n\r\n"+note+get+host+"\r\n", "200, 200, open", made, list)
	f(making+"Content-Length: 13\r\n\r\n"+note+"\r\n"+get+host+"\r\n", "200, 200, open", made, list) // section 2.2
	f(making+"Content-Length: 13\r\n\r\n"+note+note+get+host+"\r\n", "200, 400 bad_request, closed", made)

	// one that is asked for as the last is
	f(get+host+"Connection: close\r\n\r\n"+smuggled, "200, closed", list)
	f(get+host+"Connection: keep-alive, CLOSE\r\n\r\n"+smuggled, "200, closed", list)
	f("GET "+notes+" HTTP/1.0\r\n\r\n"+smuggled, "200, closed", list)

	// whatever refuses a request, its body is no request
	for path, code := range map[string]string{
		"/missing": "404", "//": "400 bad_path", "/api/settings": "404", "/api/collections/_superusers/records": "404",
		"/api/hapta/health": "404",
		notes + "/%2e%2e":   "400 bad_path", notes + "#x": "400 bad_path",
	} {
		answers := l.exchange(path, "POST "+path+" HTTP/1.1\r\n"+host+length+probe)
		if a := answers[0]; strings.TrimSpace(itoa(a.status)+" "+a.code()) != code {
			t.Errorf("%s: %d %s; want %s", path, a.status, a.body, code)
		}
		if len(answers) > 2 || len(answers) == 2 && answers[1].body != `{"live":true}` {
			t.Errorf("%s: behind it comes %v", path, answers[1:])
		}
	}
	// a preflight is answered without a look at its body
	withOrigins := newTapped(t, func(o *Options) { o.CORSOrigins = []string{"*"} })
	preflight := "OPTIONS " + notes + " HTTP/1.1\r\nHost: hapta\r\nOrigin: http://x\r\nAccess-Control-Request-Method: POST\r\n"
	withOrigins.sends("a preflight with a body", preflight+length, "204, open")
	withOrigins.sends("a preflight in chunks", preflight+"Transfer-Encoding: chunked\r\n\r\n0\r\n\n"+smuggled, "204, closed")
	withOrigins.sends("a preflight of two lengths", preflight+"Transfer-Encoding: chunked\r\n"+length, "400 bad_request, closed")
	if reached := l.take(); len(reached) > 0 {
		t.Errorf("PocketBase received %q", reached)
	}
}

// See RFC 9110, section 10.1.1.
func TestExpectations(t *testing.T) {
	l := newTapped(t, nil)
	f := func(headers, body, want string, reached ...string) {
		t.Helper()
		l.sends(headers, making+headers+"\r\n\r\n"+body, want, reached...)
	}
	f("Expect: 100-continue\r\nContent-Length: 13", note, "100, 200, open", made)
	f("expect: 100-Continue\r\nContent-Length: 13", note, "100, 200, open", made)
	f("Expect: 100-continue\r\nTransfer-Encoding: chunked", inChunk, "100, 200, closed", made)
	f("Expect: 100-continue\r\nContent-Length: 13\r\nTransfer-Encoding: chunked", inChunk, "400 bad_request, closed")
	f("Expect: 100-continue\r\nTransfer-Encoding: identity", inChunk, "400 bad_request, closed")
	f("Expect: 100-continue\r\nContent-Length: 13\r\nX: a\r\n b", note, "400 bad_request, closed")
	f("Expect: 100-continue\r\nContent-Length: 13, 13", note, "400 bad_request, closed")
	f("Expect: wonders\r\nContent-Length: 13", note, "200, open", made)
	l.sends("of HTTP/1.0", strings.Replace(making, "1.1", "1.0", 1)+"Expect: 100-continue\r\nConnection: keep-alive\r\nContent-Length: 13\r\n\r\n"+note, "200, open", made)
}

// Another protocol is not spoken, and headers of the connection end here.
func TestHeadersOfTheConnection(t *testing.T) {
	beforeEach(t, nil, func(f *face) {
		for _, headers := range [][]string{
			{"Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: mine"},
			{"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: mine", "Sec-WebSocket-Version: 13"},
			{"TE: trailers, mine"}, {"Trailer: X-Mine"}, {"Keep-Alive: mine"}, {"Proxy-Connection: mine"}, {"Proxy-Authorization: mine"},
			{"Connection: X-Named", "X-Named: mine"}, {"Connection: keep-alive, x-named", "X-Named: mine"}, {"Connection: X-A", "Connection: X-Named", "X-Named: mine"},
			{"Connection: Authorization, X-Forwarded-For, Host, Content-Type"}, {"Max-Forwards: 0"},
		} {
			all := arrivedAt(func() { f.ask("GET", notes, "", headers...).is(200, "") })
			if len(all) != 1 {
				f.Fatalf("%q reached PocketBase %d times", headers, len(all))
			}
			for _, name := range []string{"Connection", "Upgrade", "Http2-Settings", "Te", "Trailer", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "X-Named"} {
				if v := all[0].header.Values(name); len(v) > 0 {
					f.Errorf("%q: PocketBase sees %s: %q", headers, name, v)
				}
			}
			if all[0].address != "127.0.0.1" {
				f.Errorf("%q: it comes from %s", headers, all[0].address)
			}
		}
	})
}
