package httpapi

import (
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
	id     string
	server *Server
	query  url.Values
	body   *detachable // nil: no body
	flight gateway.Flight
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
		Client: r.client(), Header: http.Header{}, Query: r.query, Flight: &r.flight,
	}
	p.Shared = r.server.proxies.Trust(p.Client.Addr())
	p.Exempt = r.server.admission.Load().exempts(p.Client.Addr()) || r.server.admin.opens(r)
	for key, value := range r.Request.Header.All() {
		p.Header.Add(string(key), string(value))
	}
	p.Header.Del(adminKey) // it is for no one further in
	if r.body != nil {
		p.Body, p.ContentLength = r.body, int64(r.Request.Header.ContentLength())
	}
	if p.ContentLength < 0 {
		p.ContentLength = -1 // chunked
	}
	return p
}

// client is where the request came from, by the word of trusted proxies.
func (r *request) client() netip.AddrPort {
	peer, err := netip.ParseAddrPort(r.RemoteAddr().String())
	if err != nil {
		return netip.AddrPort{}
	}
	var lines []string
	if len(r.server.proxies) > 0 {
		for _, line := range r.Request.Header.PeekAll("X-Forwarded-For") {
			lines = append(lines, string(line))
		}
	}
	return r.server.proxies.Client(peer, lines)
}
