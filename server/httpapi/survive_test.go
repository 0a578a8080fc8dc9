package httpapi

import (
	"context"
	"net"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/gateway"
)

// A panic ends its request, with an answer that says nothing of it, and nothing else.
func TestPanicsAreSurvived(t *testing.T) {
	s := New(benchOptions())
	handler := s.entry(s.bounded(s.handle(func(_ context.Context, r *request) (*gateway.Response, error) {
		if r.passage().Query.Has("panic") {
			panic("a secret")
		}
		return jsonAnswer(200, "{}"), nil
	})))
	for target, want := range map[string]int{"/?panic": 500, "/": 200} {
		var ctx fasthttp.RequestCtx
		ctx.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80}, nil)
		ctx.Request.SetRequestURI(target)
		handler(&ctx)
		if got := ctx.Response.StatusCode(); got != want || s.working.Load() != 0 {
			t.Errorf("%s is answered with %d, and %d requests are at work", target, got, s.working.Load())
		}
		if want == 500 && string(ctx.Response.Body()) != `{"data":{"hapta":{"code":"internal","message":"Something went wrong while processing your request."}},"message":"Something went wrong while processing your request.","status":500}` {
			t.Errorf("%s", ctx.Response.Body())
		}
	}
}

// The stages add to a query, so there is one even where none was sent.
func TestEveryRequestHasAQuery(t *testing.T) {
	s := New(benchOptions())
	handler := s.entry(s.handle(func(_ context.Context, r *request) (*gateway.Response, error) {
		r.passage().Query.Set("added", "yes")
		return jsonAnswer(200, "{}"), nil
	}))
	for _, target := range []string{"/", "/?", "/?a", "/?a=b"} {
		var ctx fasthttp.RequestCtx
		ctx.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80}, nil)
		ctx.Request.SetRequestURI(target)
		if handler(&ctx); ctx.Response.StatusCode() != 200 {
			t.Errorf("%s is answered with %d", target, ctx.Response.StatusCode())
		}
	}
}
