package plain

import (
	"bufio"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// What Hapta accepts, net/http reads the same way: it is what PocketBase reads
// requests with, and many a proxy.
func FuzzHeaderIsReadAlike(f *testing.F) {
	for _, lines := range []string{
		"", "Content-Length: 5", "Transfer-Encoding: chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked", "X: a\r\n b", "X : a", "X Y: a", "X: a\nY: b", "Transfer-Encoding: identity",
		"Host: other", "Content-Length: +5", "Content-Length: 05", "Content-Length: 5\r\nContent-Length: 5", "x-y_z: \xff", "Connection: close", "X:\t \t", "Trailer: X", "Expect: 100-continue", ": x", "\r\n\r\n",
	} {
		f.Add("GET", "/api/health?x=y", "HTTP/1.1", lines)
		f.Add("POST", "http://hapta/api/x", "HTTP/1.0", lines)
	}
	for _, target := range []string{"*", "//a/b", "/a#b", "/a b", "/%", "/\xff", "http://", "a:80", "/a?b?c#d", "HTTPS://u:p@h:1/x", "http://a`b/x", "http://a:b/x", "http://[::1]:1/x", "/\\"} {
		f.Add("OPTIONS", target, "HTTP/1.1", "")
	}
	f.Fuzz(func(t *testing.T, method, address, version, lines string) {
		raw := method + " " + address + " " + version + "\r\nHost: hapta\r\n" + lines + "\r\n\r\n"
		var h fasthttp.RequestHeader
		if h.Read(bufio.NewReaderSize(strings.NewReader(raw), 16<<10)) != nil || !Header(&h) {
			return
		}
		path, query := Target(string(h.RequestURI()))
		if !Path(path) {
			return
		}
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
		if err != nil {
			t.Fatalf("%q is accepted; net/http: %v", raw, err)
		}
		decoded, err := url.PathUnescape(path)
		if err != nil || r.Method != string(h.Method()) || r.URL.Path != decoded || r.URL.RawQuery != query {
			t.Errorf("%q is read as %s %q %q; net/http: %s %q %q", raw, h.Method(), path, query, r.Method, r.URL.Path, r.URL.RawQuery)
		}
		chunked := slices.Contains(r.TransferEncoding, "chunked")
		if length := h.ContentLength(); (length == -1) != chunked || length > 0 != (r.ContentLength > 0) || length > 0 && int64(length) != r.ContentLength {
			t.Errorf("%q has a body of %d; net/http: %d, %q", raw, h.ContentLength(), r.ContentLength, r.TransferEncoding)
		}
		for name, values := range r.Header {
			if name == "Connection" || name == "Trailer" || len(values) == 0 { // fasthttp takes these apart
				continue
			}
			var got []string
			for _, v := range h.PeekAll(name) {
				got = append(got, string(v))
			}
			if single := name == "Content-Type" || name == "User-Agent" || name == "Cookie"; !slices.Equal(got, values) && !single {
				t.Errorf("%q has %s: %q; net/http: %q", raw, name, got, values)
			}
		}
	})
}
