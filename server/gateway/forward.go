package gateway

import (
	"context"
	"net/http"
	"net/url"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// Forward passes a request on as the caller and streams both ways. It is for
// routes that carry no records.
func (g *Gateway) Forward(ctx context.Context, p *Passage, method, path string) (*Response, error) {
	_, caller, err := g.enter(ctx, p)
	if err != nil {
		return nil, err
	}
	return g.forward(ctx, p, method, path, p.Query, caller.upstream())
}

// ForwardAuth passes on a route of an auth collection, such as a request for a
// new password.
func (g *Gateway) ForwardAuth(ctx context.Context, p *Passage, method, collection, action string) (*Response, error) {
	c, err := g.accounts(collection)
	if err != nil {
		return nil, err
	}
	return g.Forward(ctx, p, method, "/api/collections/"+url.PathEscape(c.Id)+"/"+action)
}

// accounts is a collection that is not closed, for routes of its accounts.
func (g *Gateway) accounts(collection string) (*pocketbase.Collection, error) {
	snap, err := g.take()
	if err != nil {
		return nil, err
	}
	c, err := snap.find(collection, false)
	if err != nil {
		return nil, otherwise(err)
	}
	if closed := snap.access[c.Id].closed; closed != "" {
		return nil, apierr.New(closed)
	}
	return c, nil
}

func (g *Gateway) forward(ctx context.Context, p *Passage, method, path string, query url.Values, token string) (*Response, error) {
	answer, err := g.db.Stream(ctx, &pocketbase.Request{
		Method: method, Path: path, RawQuery: query.Encode(), Header: passedOn(p.Header),
		Body: p.Body, ContentLength: p.ContentLength, Token: token, ClientAddr: p.Client,
	})
	if err != nil {
		return nil, unavailable(err)
	}
	return streamed(answer), nil
}

func streamed(answer *http.Response) *Response {
	return &Response{Status: answer.StatusCode, Header: kept(answer.Header), Stream: answer.Body, Length: answer.ContentLength}
}
