package httpapi

import (
	"io"
	"math"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/gateway"
)

// write writes an answer. What the request holds is given back when all of it has been
// taken.
func write(r *request, answer *gateway.Response) {
	ctx := r.RequestCtx
	ctx.SetStatusCode(answer.Status)
	if answer.Header["X-Content-Type-Options"] == nil { // PocketBase's answers bring theirs
		secure(&ctx.Response.Header)
	}
	if r.records {
		keepPrivate(&ctx.Response.Header, answer.Header)
	}
	for name, values := range answer.Header {
		if r.records && isForCaches(name) {
			continue
		}
		for i, value := range values {
			switch {
			case name == "Vary" && value == varyByOrigin: // as all do
			case name == "Vary", i > 0:
				ctx.Response.Header.Add(name, value)
			default:
				setHeader(&ctx.Response.Header, name, value)
			}
		}
	}
	if answer.Cache != cache.None {
		setHeader(&ctx.Response.Header, "X-Hapta-Cache", answer.Cache.String())
	}
	if answer.Stream == nil {
		r.flight.End()
		if r.records && notModified(r, answer) {
			return
		}
		// The bytes may be others' as well: fasthttp only reads what it is given raw,
		// and forgets it when the answer has been written (resp.Reset in its http.go).
		ctx.Response.SetBodyRaw(answer.Body)
		return
	}
	stream := &flying{ReadCloser: answer.Stream, flight: &r.flight, unwatch: func() {}}
	if c, ok := ctx.Conn().(*conn); ok && answer.GiveUp != nil {
		ctx.SetConnectionClose() // what comes on it meanwhile is not read
		stream.unwatch = c.watch(answer.GiveUp)
		r.server.streaming.Add(1)
		stream.streaming = &r.server.streaming
	}
	if answer.Length < 0 && !ctx.Request.Header.IsHTTP11() {
		writeUntilClosed(ctx, stream)
	} else {
		ctx.Response.SetBodyStream(stream, int(answer.Length))
	}
}

// flying is an answer that is part of its request until it is closed.
type flying struct {
	io.ReadCloser
	flight    *gateway.Flight
	unwatch   func()
	streaming *atomic.Int64 // nil: it is not counted among those without an end
}

func (f *flying) Close() error {
	defer f.flight.End()
	f.unwatch()
	if f.streaming != nil {
		f.streaming.Add(-1)
		f.streaming = nil
	}
	return f.ReadCloser.Close()
}

// writeUntilClosed is for clients of HTTP/1.0, to which a body in chunks must not
// be sent (RFC 9112, section 6.1): the end of the connection is that of the body.
// fasthttp sends streams in chunks, so it is left out.
func writeUntilClosed(ctx *fasthttp.RequestCtx, body io.ReadCloser) {
	ctx.SetConnectionClose()
	head, withBody := ctx.Response.Header.AppendBytes(nil), !ctx.IsHead()
	ctx.HijackSetNoResponse(true)
	ctx.Hijack(func(c net.Conn) {
		defer body.Close()
		if _, err := c.Write(head); err == nil && withBody {
			_, _ = io.Copy(c, body) // either side may go away
		}
	})
}

// retryAfter is when to come back after a 503 (RFC 9110, section 10.2.3): a
// database that is away is looked after at least four times a minute.
const retryAfter = 5 * time.Second

func writeError(ctx *fasthttp.RequestCtx, e *apierr.Error) {
	ctx.SetStatusCode(e.Status)
	wait := e.Wait
	if e.Status == fasthttp.StatusServiceUnavailable {
		wait = retryAfter
	}
	if wait > 0 { // in whole seconds, and never too early
		ctx.Response.Header.Set("Retry-After", strconv.FormatInt(int64(math.Ceil(wait.Seconds())), 10))
	}
	ctx.SetContentType("application/json")
	secure(&ctx.Response.Header)
	ctx.SetBody(e.JSON())
}

// secure gives an answer of Hapta's own the headers that PocketBase gives its
// own (securityHeaders in apis/middlewares.go).
func secure(h *fasthttp.ResponseHeader) {
	setHeader(h, "X-Xss-Protection", "1; mode=block")
	setHeader(h, "X-Content-Type-Options", "nosniff")
	setHeader(h, "X-Frame-Options", "SAMEORIGIN")
}
