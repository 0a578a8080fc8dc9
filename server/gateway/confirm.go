package gateway

import (
	"context"
	"net/http"
	"net/url"

	"github.com/hapta/hapta/server/pocketbase"
)

// Confirm passes on what a mail of PocketBase's asks for: a new password, a verified
// or another address. Sessions of before are proved at their next use, for it may
// have ended them. A new address asks for the password, so it counts as an attempt.
func (g *Gateway) Confirm(ctx context.Context, p *Passage, collection, action string) (*Response, error) {
	c, caller, err := g.accounts(ctx, p, collection)
	if err != nil {
		return nil, err
	}
	req := &pocketbase.Request{
		Method: http.MethodPost, Path: "/api/collections/" + url.PathEscape(c.Id) + "/" + action,
		RawQuery: p.Query.Encode(), Header: passedOn(p.Header()), Token: caller.upstream(), ClientAddr: p.Client,
	}
	token, err := p.sendOnNamed(req, "token")
	if err != nil {
		return nil, err
	}
	text, _ := token.(string)
	t, _ := readUpstreamToken(text) // it names the user, whether it holds or not
	try := func(ctx context.Context) (*Response, error) { return g.ask(ctx, req) }
	answer, err := g.counted(ctx, p, c.Id, t.ID, try, wrongPassword)
	switch {
	case err == nil && answer.Status < http.StatusMultipleChoices:
		g.changed(pocketbase.Change{CollectionID: t.CollectionID, RecordID: t.ID})
	case !g.db.TellsFirst(): // it may have been done all the same; see noteFailure
		g.cache.TouchRecord(c.Id, t.ID)
	}
	return answer, err
}
