package httpapi

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/httpapi/plain"
)

// request is one HTTP request, copied out of fasthttp's own, whose bytes die
// with the handler.
type request struct {
	*fasthttp.RequestCtx
	id       string
	server   *Server
	path     string // as the client wrote it, escaped
	rawQuery string
	query    url.Values  // of a request that is handled; never nil
	sent     http.Header // see header
	body     *detachable // nil: no body
	records  bool        // its answer is about records, and its caller's own
	clock    clock
	flight   gateway.Flight
	passed   gateway.Request // all of it for records; its Passage for others
	work     *atomic.Int64   // the count that it is part of; nil: it is always answered
	heldBack time.Duration   // how long its answer is
}

type requestKey struct{}

// newRequest begins a request, which is there for all that handles it.
func (s *Server) newRequest(ctx *fasthttp.RequestCtx) *request {
	r := &request{RequestCtx: ctx, id: newRequestID(), server: s, clock: clock{parent: s.base, limit: s.timeout}}
	r.path, r.rawQuery = plain.Target(string(ctx.RequestURI()))
	ctx.SetUserValue(requestKey{}, r)
	return r
}

func requestOf(ctx *fasthttp.RequestCtx) *request { return ctx.UserValue(requestKey{}).(*request) }

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

func (r *request) passage() *gateway.Passage {
	p := &r.passed.Passage
	*p = gateway.Passage{
		ID: r.id, Token: string(peek(&r.Request.Header, "Authorization")),
		Client: r.client(), Header: r.header, Query: r.query, Flight: &r.flight,
	}
	p.Shared = r.server.proxies.Trust(p.Client.Addr())
	p.Exempt = r.server.admission.Load().exempts(p.Client.Addr()) || r.server.admin.opens(r)
	if r.body != nil {
		p.Body, p.ContentLength = r.body, int64(r.Request.Header.ContentLength())
	}
	if p.ContentLength < 0 {
		p.ContentLength = -1 // chunked
	}
	return p
}

// header is a copy of the request's, made when it is first asked for.
func (r *request) header() http.Header {
	if r.sent == nil {
		r.sent = http.Header{}
		for key, value := range r.Request.Header.All() {
			r.sent.Add(string(key), string(value))
		}
		r.sent.Del(adminKey) // it is for no one further in
		if r.records && (r.IsGet() || r.IsHead()) {
			unconditional(r.sent)
		}
	}
	return r.sent
}

// client is where the request came from, by the word of trusted proxies.
func (r *request) client() netip.AddrPort {
	tcp, ok := r.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	peer := tcp.AddrPort()
	var lines []string
	if len(r.server.proxies) > 0 {
		for _, line := range r.Request.Header.PeekAll("X-Forwarded-For") {
			lines = append(lines, string(line))
		}
	}
	return r.server.proxies.Client(peer, lines)
}

// newRequestID is for telling requests apart; it is no secret.
func newRequestID() string {
	var b [12]byte
	binary.LittleEndian.PutUint64(b[:], rand.Uint64())
	binary.LittleEndian.PutUint32(b[8:], rand.Uint32())
	return hex.EncodeToString(b[:])
}
