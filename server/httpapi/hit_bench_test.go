package httpapi

import (
	"net"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/policy/watch"
)

// BenchmarkHit is all that a request meets which the cache answers, but for its
// connection: with what the database said, and with what a policy decided of it.
func BenchmarkHit(b *testing.B) {
	p, err := policy.NewEngine(policy.Limits{Fuel: 2_000_000, MemoryBytes: 4 << 20}).Load(b.Context(), "notes", script(b))
	if err != nil {
		b.Fatal(err)
	}
	defer p.Retire()
	b.Run("kept", func(b *testing.B) { benchmarkHit(b, watch.Set{}) })
	b.Run("decided", func(b *testing.B) {
		benchmarkHit(b, watch.Set{Entries: map[string]watch.Entry{"notes": {Policy: p}}})
	})
}

func benchmarkHit(b *testing.B, set watch.Set) {
	o := benchOptions()
	o.Gateway, o.Timeout = gateway.New(db, nil, o.Log, metrics.New()), time.Minute
	o.Gateway.ResizeCache(cache.LeastSize)
	o.Gateway.Use(gateway.NewSnapshot(db.Schema(), &set, func(string) bool { return false }, gateway.Settings{
		Cache: cache.Settings{TTL: time.Hour},
		Rates: map[string]gateway.Rate{"list": {Limit: 1 << 30, Every: time.Second}},
	}))
	s := New(o)
	var ctx fasthttp.RequestCtx
	ctx.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80}, nil)
	ask := func() {
		ctx.ResetUserValues()
		ctx.Response.Reset()
		ctx.Request.SetRequestURI("/api/collections/notes/records?perPage=3")
		s.http.Handler(&ctx)
	}
	ask()
	if ask(); string(ctx.Response.Header.Peek("X-Hapta-Cache")) != "hit" {
		b.Fatal(ctx.Response.String())
	}
	b.ReportAllocs()
	for b.Loop() {
		ask()
	}
}
