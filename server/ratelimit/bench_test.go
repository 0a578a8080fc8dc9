package ratelimit

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// live is how many keys there are, users and guests by halves.
const live = 1_000_000

func manyKeys() []Key {
	keys := make([]Key, live)
	for i := range keys {
		keys[i] = Key{"list", Caller{Collection: "pbc_1234567890", Record: "d06v3k2m5" + strconv.Itoa(100_000+i)}}
		if i%2 == 0 {
			keys[i].Who = Caller{Network: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)}
		}
	}
	return keys
}

// BenchmarkTake is the check of a request among a million live keys, on all
// processors: of as many callers, and of one caller, whose requests meet at one
// lock. BenchmarkAnswer beside it is what such a check is held against.
func BenchmarkTake(b *testing.B) {
	m, keys, limit := NewMemory(), manyKeys(), Per(100, 10*time.Second)
	for _, k := range keys {
		if _, err := m.Take(b.Context(), k, limit, 1, time.Now()); err != nil {
			b.Fatal(err)
		}
	}
	for name, step := range map[string]int{"callers=1000000": 7919, "callers=1": 0} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i += step {
					if _, err := m.Take(b.Context(), keys[i%live], limit, 1, time.Now()); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// BenchmarkAnswer is a bare answer of fasthttp's over loopback, on all processors.
// About half of it is the client, which shares them.
func BenchmarkAnswer(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("hello") }}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	b.SetParallelism(16)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			b.Error(err)
			return
		}
		defer c.Close()
		in := bufio.NewReader(c)
		for pb.Next() {
			if err := ask(c, in); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	if err := server.Shutdown(); err != nil {
		b.Error(err)
	}
	if err := <-done; err != nil {
		b.Error(err)
	}
}

func ask(c net.Conn, in *bufio.Reader) error {
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return err
	}
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
