package gateway

import (
	"context"
	"net/http"
	"net/url"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// Health is PocketBase's own.
func (g *Gateway) Health(ctx context.Context, p *Passage) (*Response, error) {
	return g.forwardAs(ctx, p, limitDefault, http.MethodGet, "/api/health")
}

// Forward passes on what PocketBase keeps to superusers, as a caller who is none.
func (g *Gateway) Forward(ctx context.Context, p *Passage, method, path string) (*Response, error) {
	return g.forwardAs(ctx, p, limitPassthrough, method, path)
}

// forwardAs passes a request on as the caller. It is for routes that carry no records.
func (g *Gateway) forwardAs(ctx context.Context, p *Passage, limit, method, path string) (*Response, error) {
	_, caller, err := g.enter(ctx, p, limit)
	if err != nil {
		return nil, err
	}
	return g.forward(ctx, p, method, path, caller.upstream(), maxSmallBody)
}

// ForwardAuth passes on a route of an auth collection, such as a request for a
// new password.
func (g *Gateway) ForwardAuth(ctx context.Context, p *Passage, method, collection, action string) (*Response, error) {
	c, caller, err := g.accounts(ctx, p, collection)
	if err != nil {
		return nil, err
	}
	return g.forward(ctx, p, method, "/api/collections/"+url.PathEscape(c.Id)+"/"+action, caller.upstream(), maxSmallBody)
}

// accounts is how a route about the accounts of a collection begins: with the
// collection, which is not closed, with who asks, and with what limits them.
func (g *Gateway) accounts(ctx context.Context, p *Passage, collection string) (*pocketbase.Collection, *Caller, error) {
	snap, err := g.take()
	if err != nil {
		return nil, nil, err
	}
	c, err := snap.find(collection, false)
	if err != nil {
		return nil, nil, otherwise(err)
	}
	access := snap.access[c.Id]
	if access.closed != "" {
		return nil, nil, apierr.New(access.closed)
	}
	caller, err := g.identify(ctx, snap, p)
	if err != nil {
		return nil, nil, err
	}
	return c, caller, g.limit(ctx, snap, p, caller, toll{access.quotas[limitAuth], 1})
}

// forward passes a request on as whoever the token is of, with a body of most bytes,
// and streams both ways.
func (g *Gateway) forward(ctx context.Context, p *Passage, method, path, token string, most int64) (*Response, error) {
	answer, err := g.stream(ctx, p, &pocketbase.Request{
		Method: method, Path: path, RawQuery: p.Query.Encode(), Header: passedOn(p.Header()), Token: token, ClientAddr: p.Client,
	}, most)
	if err != nil {
		return nil, err
	}
	return streamed(answer), nil
}

// stream sends a request on with the body that came, of most bytes.
func (g *Gateway) stream(ctx context.Context, p *Passage, req *pocketbase.Request, most int64) (*http.Response, error) {
	body, err := p.counted(most)
	if err != nil {
		return nil, err
	}
	if p.Body != nil {
		req.Body, req.ContentLength = body, p.ContentLength
	}
	answer, err := g.db.Stream(ctx, req)
	switch {
	case err == nil && body.refused() != nil:
		_ = answer.Body.Close() // given up
		return nil, body.refused()
	case body.refused() != nil:
		return nil, body.refused()
	case err != nil:
		return nil, unavailable(err)
	}
	return answer, nil
}

func streamed(answer *http.Response) *Response {
	return &Response{Status: answer.StatusCode, Header: kept(answer.Header), Stream: answer.Body, Length: answer.ContentLength}
}
