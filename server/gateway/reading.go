package gateway

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/pocketbase"
)

// reading is a list or a view as the database is asked for it.
type reading struct {
	collection string // id
	record     string // id; empty for a list
	query      url.Values
	// asSuperuser says as whom it is read: the superuser, or else the caller.
	asSuperuser bool
	// only are the ids that a list is of, where it is by ids and nothing else.
	only []string
	from netip.AddrPort // whoever asks first
}

// reader asks for what is read, on whose behalf it says.
type reader func(context.Context, *reading) (*Response, error)

// askNow asks the database itself.
func (g *Gateway) askNow(ctx context.Context, r *reading) (*Response, error) {
	answer, err := g.asker(r, nil)(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	return &Response{Status: answer.Status, Header: kept(answer.Header), Body: answer.Body}, nil
}

// askShared asks for what the operation is judged by. What is only read may be judged
// by what is kept; a write is by what is stored.
func (op *operation) askShared(ctx context.Context, r *reading) (*Response, error) {
	if op.isRead() {
		return op.read(ctx, r, op.gateway.askNow)
	}
	return op.gateway.askNow(ctx, r)
}

// fetcher asks for what is kept, if it may be.
func (g *Gateway) fetcher(r *reading, q *shared) cache.Fetch {
	ask, isList := g.asker(r, q.caller), r.record == ""
	return func(ctx context.Context) (*cache.Answer, error) {
		answer, err := ask(ctx)
		if err != nil {
			return nil, err
		}
		passing := !isPlausible(answer, isList) || q.managed != nil && showsToManager(q.managed, answer.Body, isList, q.caller)
		return &cache.Answer{Status: answer.Status, Header: kept(answer.Header), Body: answer.Body, Passing: passing}, nil
	}
}

// asker asks without any caller, or for the one that is given alone. What it asks is
// settled now: a reading may change when it has been asked.
func (g *Gateway) asker(r *reading, caller *Caller) func(context.Context) (*pocketbase.Response, error) {
	path, query, token, asSuperuser := recordPath(r.collection, r.record), r.query.Encode(), caller.upstream(), r.asSuperuser
	from := r.from // PocketBase counts by addresses, and would hold back all for one
	header := http.Header{}
	if asSuperuser && caller != nil {
		header.Set(callerHeader, caller.String())
	}
	return func(ctx context.Context) (*pocketbase.Response, error) {
		if asSuperuser {
			var err error
			if token, err = g.db.Superuser(); err != nil {
				return nil, err
			}
		}
		return g.db.Fetch(ctx, &pocketbase.Request{Method: http.MethodGet, Path: path, RawQuery: query, Header: header, Token: token, ClientAddr: from})
	}
}

// isPlausible tells whether an answer looks like one of PocketBase's, and a whole one. One
// that a proxy in between makes up, such as a page that says it is being worked on, or cuts
// off, is not kept.
func isPlausible(answer *pocketbase.Response, isList bool) bool {
	expected := "message" // of a failure
	switch {
	case !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json"), fastjson.ValidateBytes(answer.Body) != nil:
		return false
	case answer.Status == http.StatusOK && isList:
		expected = "items"
	case answer.Status == http.StatusOK:
		return len(answer.Body) > len("{}") && answer.Body[0] == '{' // its fields may be chosen
	}
	return valueIn(answer.Body, expected) != nil
}
