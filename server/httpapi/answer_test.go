package httpapi

import (
	"bytes"
	"slices"
	"sync"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/gateway"
)

// written is an answer as it is written, outside of a server.
func written(method string, answer *gateway.Response, ifNoneMatch string) *fasthttp.Response {
	r := &request{RequestCtx: &fasthttp.RequestCtx{}, server: &Server{tags: newTags(nil)}, records: true}
	r.Request.Header.SetMethod(method)
	r.Request.Header.Set("If-None-Match", ifNoneMatch)
	write(r, answer)
	r.Response.SkipBody = r.IsHead() // as a server does
	return &r.Response
}

func TestHowAnAnswerCameIsTold(t *testing.T) {
	for outcome, want := range map[cache.Outcome]string{cache.None: "", cache.Hit: "hit", cache.Stale: "stale", cache.Miss: "miss", cache.Bypass: "bypass"} {
		for _, condition := range []string{"", "*"} {
			answer := &gateway.Response{Status: 200, Body: []byte("{}"), Cache: outcome}
			if got := string(written("GET", answer, condition).Header.Peek("X-Hapta-Cache")); got != want {
				t.Errorf("%v with If-None-Match: %q is told as %q", outcome, condition, got)
			}
		}
	}
	for _, status := range []int{403, 404, 500} {
		got := written("GET", &gateway.Response{Status: status, Body: []byte("{}"), Cache: cache.Hit}, "*")
		if got.StatusCode() != status || string(got.Header.Peek("X-Hapta-Cache")) != "hit" {
			t.Errorf("%d is answered as %d %s", status, got.StatusCode(), &got.Header)
		}
	}
}

// A kept body is sent to many at once. Whoever wrote into it would be found by the
// race detector, and by what the others are sent.
func TestBodiesAreShared(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789"), 10_000)
	shared, tag := slices.Clone(body), string(newTags(nil).append(nil, body))
	var senders sync.WaitGroup
	for i := range 8 {
		senders.Go(func() {
			for n := range 50 {
				method, condition := []string{"GET", "HEAD"}[n%2], []string{"", tag, `"x"`}[(n+i)%3]
				response := written(method, &gateway.Response{Status: 200, Body: shared}, condition)
				var sent bytes.Buffer
				if _, err := response.WriteTo(&sent); err != nil {
					t.Error(err)
				}
				_, got, _ := bytes.Cut(sent.Bytes(), []byte("\r\n\r\n"))
				if whole := method == "GET" && condition != tag; whole && !bytes.Equal(got, body) || !whole && len(got) > 0 {
					t.Errorf("%s with If-None-Match: %s sends %d bytes", method, condition, len(got))
				}
				response.Reset()
				response.SetBodyString("what comes next in the same place") // as on a connection that stays open
			}
		})
	}
	senders.Wait()
	if !bytes.Equal(shared, body) {
		t.Error("the body is another")
	}
}
