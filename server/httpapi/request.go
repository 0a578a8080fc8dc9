package httpapi

import (
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"sync"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/gateway"
)

// request is one HTTP request, copied out of fasthttp's own, whose bytes die
// with the handler.
type request struct {
	*fasthttp.RequestCtx
	id    string
	query url.Values
	body  *detachable // nil: no body
}

// param is a segment of the path, decoded. entry has refused the ones that do
// not decode.
func (r *request) param(name string) string {
	raw, _ := r.UserValue(name).(string)
	decoded, err := url.PathUnescape(raw)
	if err != nil {
		return ""
	}
	return decoded
}

// path is as the client wrote it, escaped.
func (r *request) path() string { return string(r.URI().PathOriginal()) }

func (r *request) passage() *gateway.Passage {
	p := &gateway.Passage{
		ID: r.id, Token: string(r.Request.Header.Peek("Authorization")),
		Client: clientAddr(r.RequestCtx), Header: http.Header{}, Query: r.query,
	}
	for key, value := range r.Request.Header.All() {
		p.Header.Add(string(key), string(value))
	}
	if r.body != nil {
		p.Body, p.ContentLength = r.body, int64(r.Request.Header.ContentLength())
	}
	if p.ContentLength < 0 {
		p.ContentLength = -1 // chunked
	}
	return p
}

func clientAddr(ctx *fasthttp.RequestCtx) netip.AddrPort {
	addr, err := netip.ParseAddrPort(ctx.RemoteAddr().String())
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
}

// detachable is a request body that can be taken away: fasthttp uses its
// buffers again once the handler returns, and whoever still reads must not see
// the next client's bytes.
type detachable struct {
	mu   sync.Mutex
	r    io.Reader
	done bool // read to its end
}

func (d *detachable) Read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.r == nil {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := d.r.Read(p)
	d.done = d.done || err == io.EOF
	return n, err
}

func (d *detachable) ended() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done
}

func (d *detachable) detach() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.r = nil
}
