package gateway

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/hapta/hapta/server/pocketbase"
)

// Realtime relays PocketBase's own event stream. What may be subscribed to is
// decided in Subscribe.
func (g *Gateway) Realtime(ctx context.Context, p *Passage) (*Response, error) {
	if _, err := g.take(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	// Registered before it opens, so that a cut cannot fall in between.
	leave := g.streams.enter(cancel)
	answer, err := g.forward(ctx, p, http.MethodGet, "/api/realtime", p.Query, "")
	if err != nil {
		leave()
		return nil, err
	}
	answer.Stream = &relay{answer.Stream, leave}
	return answer, nil
}

// relay leaves the open streams when its taker closes it.
type relay struct {
	io.ReadCloser
	leave func()
}

func (r *relay) Close() error {
	defer r.leave()
	return r.ReadCloser.Close()
}

// Subscribe sets what a stream is subscribed to, as PocketBase does, but to
// nothing that a policy decides.
func (g *Gateway) Subscribe(ctx context.Context, p *Passage) (*Response, error) {
	snap, caller, err := g.enter(ctx, p)
	if err != nil {
		return nil, err
	}
	b, err := readBody(p, maxSmallBody)
	if err != nil {
		return nil, err
	}
	defer b.discard()
	body, topics, err := readTopics(b)
	if err != nil {
		return nil, err
	}
	for _, topic := range topics {
		if err := snap.maySubscribe(topic); err != nil {
			return nil, err
		}
	}
	header := passedOn(p.Header)
	header.Set("Content-Type", "application/json")
	header.Del("Content-Encoding")
	answer, err := g.db.Fetch(ctx, &pocketbase.Request{
		Method: http.MethodPost, Path: "/api/realtime", RawQuery: p.Query.Encode(), Header: header,
		Body: bytes.NewReader(body), ContentLength: int64(len(body)), Token: caller.upstream(), ClientAddr: p.Client,
	})
	if err != nil {
		return nil, unavailable(err)
	}
	g.streams.recheck(g.snapshot.Load(), topics)
	return &Response{Status: answer.Status, Header: kept(answer.Header), Body: answer.Body}, nil
}
