package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/metrics"
)

// An event stream ends with its client, and makes room for others.
func TestStreamsEndWithTheirClient(t *testing.T) {
	for name, leave := range map[string]func(*net.TCPConn) error{
		"closes":      (*net.TCPConn).Close,
		"half closes": (*net.TCPConn).CloseWrite,
		"resets":      func(c *net.TCPConn) error { return errors.Join(c.SetLinger(0), c.Close()) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFace(t, admitting(Admission{ConnectionsPerAddress: 3, HeaderTimeout: time.Minute}))
			for range 3 {
				w := f.dial()
				w.send("GET /api/realtime HTTP/1.1\r\nHost: hapta\r\n\r\n")
				if _, err := w.in.ReadString('\n'); err != nil {
					t.Fatal(err)
				}
				if err := leave(w.Conn.(*net.TCPConn)); err != nil {
					t.Fatal(err)
				}
			}
			until(func() bool {
				f.connections.mu.Lock()
				defer f.connections.mu.Unlock()
				return len(f.connections.open) == 0
			})
			f.ask("GET", "/api/hapta/health", "").is(200, "")
		})
	}
}

// Some connections are kept for what comes and goes.
func TestStreamsLeaveRoom(t *testing.T) {
	f := newFace(t, admitting(Admission{Connections: 16, HeaderTimeout: time.Minute}))
	open := func() *wire {
		w := f.dial()
		w.send("GET /api/realtime HTTP/1.1\r\nHost: hapta\r\n\r\n")
		if _, err := w.in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		return w
	}
	first := open()
	for range 11 {
		open()
	}
	f.ask("GET", "/api/realtime", "").is(503, "overloaded")
	f.ask("GET", "/api/hapta/health", "").is(200, "")
	_ = first.Close()
	until(func() bool { return f.streaming.Load() == 11 })
	open()
}

// A request that takes its time is given up with its client, and with no other.
func TestRequestsEndWithTheirClient(t *testing.T) {
	s := New(Options{Timeout: time.Minute, Log: slog.New(slog.DiscardHandler), Counts: metrics.New()})
	began, ended := make(chan bool, 1), make(chan error, 1)
	s.http.Handler = s.entry(s.bounded(s.handle(func(ctx context.Context, r *request) (*gateway.Response, error) {
		began <- true
		select {
		case <-ctx.Done():
			ended <- context.Cause(ctx)
			return nil, ctx.Err()
		case <-r.server.base.Done():
			return nil, errors.New("nobody noticed")
		case <-time.After(2 * lookAfter):
			ended <- nil
			return jsonAnswer(200, `{}`), nil
		}
	})))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	f := &face{T: t, Server: s, addr: l.Addr().String()}

	gone := f.dial()
	gone.send("GET / HTTP/1.1\r\nHost: hapta\r\n\r\n")
	<-began
	_ = gone.Close()
	if err := <-ended; !errors.Is(err, errGone) {
		t.Errorf("it ends by %v", err)
	}
	there := f.dial()
	for range 2 { // what waits for its answer stays, and so does what comes behind it
		there.send("GET / HTTP/1.1\r\nHost: hapta\r\n\r\n")
		<-began
		if err := <-ended; err != nil {
			t.Errorf("it ends by %v", err)
		}
		there.receive("GET").is(200, "")
	}
	there.send("GET / HTTP/1.1\r\nHost: hapta\r\n\r\nGET / HTTP/1.1\r\nHost: hapta\r\n\r\n")
	for range 2 {
		<-began
		if err := <-ended; err != nil {
			t.Errorf("with another behind it, it ends by %v", err)
		}
		there.receive("GET").is(200, "")
	}
	defer s.end()
	if err := errors.Join(s.http.Shutdown(), <-done); err != nil {
		t.Error(err)
	}
}
