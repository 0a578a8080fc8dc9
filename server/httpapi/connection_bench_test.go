package httpapi

import (
	"context"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/hapta/hapta/server/metrics"
)

// BenchmarkConnection is one request after another on a connection that stays
// open, with an answer that needs no work.
func BenchmarkConnection(b *testing.B) {
	s := New(benchOptions())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	const request = "GET /api/hapta/health/live HTTP/1.1\r\nHost: hapta\r\n\r\n"
	answer := make([]byte, 4<<10)
	ask := func() (size int) {
		if _, err := io.WriteString(c, request); err != nil {
			b.Fatal(err)
		}
		size, err := c.Read(answer) // such a short one comes whole
		if err != nil {
			b.Fatal(err)
		}
		return size
	}
	ask()
	b.ReportAllocs()
	for b.Loop() {
		ask()
	}
	_ = c.Close()
	_ = s.http.ShutdownWithContext(context.Background())
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}

func benchOptions() Options {
	return Options{
		Admission: Admission{
			Connections: 10_000, ConnectionsPerAddress: 100, Requests: 1000,
			HeaderTimeout: 10 * time.Second, BodyTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		},
		Log: slog.New(slog.DiscardHandler), Counts: metrics.New(),
	}
}
