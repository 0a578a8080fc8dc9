package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/gateway"
)

// request is one HTTP request, copied out of fasthttp's own, whose bytes die
// with the handler.
type request struct {
	*fasthttp.RequestCtx
	id      string
	server  *Server
	query   url.Values
	sent    http.Header // see header
	body    *detachable // nil: no body
	records bool        // its answer is about records, and its caller's own
	clock   clock
	flight  gateway.Flight
	passed  gateway.Passage
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
	p := &r.passed
	*p = gateway.Passage{
		ID: r.id, Token: string(r.Request.Header.Peek("Authorization")),
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
