package gateway

import (
	"context"
	"net/http"

	"github.com/hapta/hapta/server/pocketbase"
)

// OAuth2Redirect is where a provider sends the popup of a sign-in back to. What
// it brings is PocketBase's to tell the one event stream that its state names; the
// popup is sent on to a page (apis/record_auth_with_oauth2_redirect.go there).
// Signing in comes after it, on its own way. Nobody asks here: it is the provider
// that chose where the browser goes.
func (g *Gateway) OAuth2Redirect(ctx context.Context, p *Passage, method string) (*Response, error) {
	snap, err := g.take()
	if err != nil {
		return nil, err
	}
	if err := g.limit(ctx, snap, p, nil, toll{snap.quotas[limitAuth], 1}); err != nil {
		return nil, err
	}
	req := &pocketbase.Request{
		Method: method, Path: "/api/oauth2-redirect", RawQuery: p.Query.Encode(), Header: passedOn(p.Header()), ClientAddr: p.Client,
	}
	if method == http.MethodPost && p.Body != nil { // response_mode=form_post
		body, err := p.readSmall()
		if err != nil {
			return nil, err
		}
		req.Body, req.ContentLength = body, int64(body.Len())
	}
	return g.ask(ctx, req)
}
