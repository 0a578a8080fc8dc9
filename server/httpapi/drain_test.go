package httpapi

import (
	"context"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/metrics"
)

func TestHealth(t *testing.T) {
	f := newFace(t, nil)
	g := func(path string, status int, body string) {
		t.Helper()
		var ctx fasthttp.RequestCtx
		ctx.Request.SetRequestURI(path)
		f.http.Handler(&ctx)
		if ctx.Response.StatusCode() != status || string(ctx.Response.Body()) != body {
			t.Errorf("%s: %d %s; want %d %s", path, ctx.Response.StatusCode(), ctx.Response.Body(), status, body)
		}
	}
	const live, ready, notReady = "/api/hapta/health/live", `{"live":true,"ready":true}`, `{"live":true,"ready":false}`
	g(live, 200, `{"live":true}`)
	g("/api/hapta/health", 200, ready)
	g("/api/hapta/health/ready", 200, ready)
	f.draining.Store(true)
	g(live, 200, `{"live":true}`)
	g("/api/hapta/health", 503, notReady)
	g("/api/hapta/health/ready", 503, notReady)
}

func TestNotReadyWithoutASnapshot(t *testing.T) {
	f := newFace(t, func(o *Options) { o.Gateway = gateway.New(db, nil, o.Log, metrics.New()) })
	f.useRules()
	f.ask("GET", "/api/hapta/health", "").is(200, "")
	f.Server.gateway = gateway.New(db, nil, f.log, metrics.New())
	f.ask("GET", "/api/hapta/health", "").is(503, "")
	f.ask("GET", "/api/hapta/health/live", "").is(200, "")
}

// A server that stops finishes what runs, cuts streams, and takes no more.
func TestShutdownFinishesWhatRuns(t *testing.T) {
	f := newFace(t, nil)
	inside, goOn := make(chan struct{}), make(chan struct{})
	id := app.OnRecordsListRequest("notes").BindFunc(func(e *core.RecordsListRequestEvent) error {
		close(inside)
		<-goOn
		return e.Next()
	})
	defer app.OnRecordsListRequest("notes").Unbind(id)

	events := f.dial()
	events.send("GET /api/realtime HTTP/1.1\r\nHost: hapta\r\n\r\n")
	for line := ""; !strings.HasPrefix(line, "data:"); {
		var err error
		if line, err = events.in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	running := f.dial()
	running.send("GET /api/collections/notes/records HTTP/1.1\r\nHost: hapta\r\n\r\n")
	<-inside

	stopped := make(chan error)
	go func() { stopped <- f.Shutdown(context.Background()) }()
	if _, err := events.in.ReadString('\x00'); err == nil { // reads until the stream is cut
		t.Error("the stream goes on")
	}
	select {
	case err := <-stopped:
		t.Fatalf("stopped while a request runs: %v", err)
	default:
	}
	close(goOn)
	running.receive("GET").is(200, "")
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
}

// What does not finish in time is cut off.
func TestShutdownGivesUp(t *testing.T) {
	f := newFace(t, nil)
	inside, ended := make(chan struct{}), make(chan struct{})
	id := app.OnRecordsListRequest("notes").BindFunc(func(e *core.RecordsListRequestEvent) error {
		close(inside)
		<-e.Request.Context().Done()
		close(ended)
		return e.Request.Context().Err()
	})
	defer app.OnRecordsListRequest("notes").Unbind(id)
	running := f.dial()
	running.send("GET /api/collections/notes/records HTTP/1.1\r\nHost: hapta\r\n\r\n")
	<-inside
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := f.Shutdown(ctx); err == nil {
		t.Error("nobody is told that something was cut off")
	}
	<-ended
}
