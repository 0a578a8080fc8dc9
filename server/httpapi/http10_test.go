package httpapi

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A client of HTTP/1.0 knows no chunks: its body ends with a length or with the
// connection (RFC 9112, sections 6.1 and 6.3).
func TestAnswersToHTTP10(t *testing.T) {
	beforeEach(t, nil, func(f *face) {
		get := func(raw string) (head, body string) {
			f.Helper()
			w := f.dial()
			w.send(raw)
			all, err := io.ReadAll(w.in)
			if err != nil {
				f.Fatal(err)
			}
			head, body, _ = strings.Cut(string(all), "\r\n\r\n")
			if strings.Contains(strings.ToLower(head), "transfer-encoding") || !strings.HasPrefix(head, "HTTP/1.1 200 OK\r\n") {
				f.Errorf("%q is answered %s", raw, all)
			}
			if n := strings.Count(head, "X-Request-Id: "); n != 1 || !strings.Contains(head, "Connection: close") {
				f.Errorf("%q is answered %s", raw, head)
			}
			return head, body
		}
		whole := strings.TrimSpace(f.ask("GET", "/api/health", "").is(200, "").body)
		for _, version := range []string{"HTTP/1.0\r\n\r\n", "HTTP/1.0\r\nConnection: close\r\n\r\n"} {
			if _, body := get("GET /api/health " + version); strings.TrimSpace(body) != whole {
				f.Errorf("the body is %q; want %q", body, whole)
			}
			if _, body := get("HEAD /api/health " + version); body != "" {
				f.Errorf("HEAD: the body is %q", body)
			}
			if head, body := get("GET " + notes + " " + version); !strings.Contains(head, "Content-Length: "+itoa(len(body))+"\r\n") {
				f.Errorf("%s with a body of %d bytes", head, len(body))
			}
		}
	})
}

// An event stream goes on until the server stops.
func TestEventsOverHTTP10(t *testing.T) {
	f := newFace(t, nil)
	w := f.dial()
	w.send("GET /api/realtime HTTP/1.0\r\nHost: hapta\r\n\r\n")
	r, err := http.ReadResponse(w.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.ContentLength >= 0 || len(r.TransferEncoding) > 0 || !r.Close || r.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("%v %v", r.Header, r.TransferEncoding)
	}
	body := bufio.NewReader(r.Body)
	if line, err := body.ReadString('\n'); err != nil || !strings.HasPrefix(line, "id:") {
		t.Errorf("it begins with %q, %v", line, err)
	}
	if err := f.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := io.Copy(io.Discard, body); err != nil { // returns when the stream is cut
		t.Error(err)
	}
}

// A status without a body tells of none.
func TestAnswersWithoutABody(t *testing.T) {
	beforeEach(t, nil, func(f *face) {
		for _, version := range []string{"HTTP/1.0", "HTTP/1.1\r\nHost: hapta\r\nConnection: close"} {
			w := f.dial()
			w.send("POST /api/collections/users/request-password-reset " + version + "\r\nContent-Type: application/json\r\nContent-Length: 30\r\n\r\n" + `{"email":"nobody@example.com"}`)
			all, err := io.ReadAll(w.in)
			if err != nil {
				f.Fatal(err)
			}
			head, body, _ := strings.Cut(string(all), "\r\n\r\n")
			if !strings.HasPrefix(head, "HTTP/1.1 204 No Content\r\n") || body != "" || strings.Contains(head, "Transfer-Encoding") || strings.Contains(head, "Content-Length") {
				f.Errorf("answered %s", all)
			}
		}
	})
}
