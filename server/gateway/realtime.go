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
	snap, err := g.take()
	if err != nil {
		return nil, err
	}
	if err := g.limit(ctx, snap, p, nil, toll{snap.quotas[limitRealtime], 1}); err != nil {
		return nil, err
	}
	p.Flight.End()
	ctx, cancel := context.WithCancel(ctx)
	// Registered before it opens, so that a cut cannot fall in between.
	stream := g.streams.enter(cancel, "")
	answer, err := g.forward(ctx, p, http.MethodGet, "/api/realtime", "", maxSmallBody)
	if err != nil {
		g.streams.leave(stream)
		return nil, err
	}
	announced := &announced{ReadCloser: answer.Stream, tell: func(clientID string) { g.streams.name(stream, clientID) }}
	answer.Stream, answer.GiveUp = &relay{announced, func() { g.streams.leave(stream) }}, cancel
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

// announced tells the client's id, which is the first line of the stream.
type announced struct {
	io.ReadCloser
	tell func(clientID string) // nil once it was told
	line []byte
}

// maxLine bounds, in bytes, what is looked at for the client's id.
const maxLine = 256

func (n *announced) Read(p []byte) (int, error) {
	size, err := n.ReadCloser.Read(p)
	if n.tell == nil {
		return size, err
	}
	n.line = append(n.line, p[:min(size, maxLine-len(n.line))]...)
	line, _, whole := bytes.Cut(n.line, []byte("\n"))
	if id, ok := bytes.CutPrefix(line, []byte("id:")); ok && whole {
		n.tell(string(bytes.TrimSpace(id)))
	}
	if whole || len(n.line) == maxLine {
		n.tell, n.line = nil, nil
	}
	return size, err
}

// Subscribe sets what a stream is subscribed to, as PocketBase does, but to
// nothing that a policy decides.
func (g *Gateway) Subscribe(ctx context.Context, p *Passage) (*Response, error) {
	snap, caller, err := g.enter(ctx, p, limitRealtime)
	if err != nil {
		return nil, err
	}
	b, err := readBody(p, maxSmallBody)
	if err != nil {
		return nil, err
	}
	defer b.discard()
	body, clientID, topics, err := readTopics(b)
	if err != nil {
		return nil, err
	}
	for _, topic := range topics {
		if err := snap.maySubscribe(topic); err != nil {
			return nil, err
		}
	}
	header := passedOn(p.Header())
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
	if caller != nil && answer.Status < http.StatusMultipleChoices {
		g.streams.bind(clientID, caller.ID)
		if _, err := g.sessions.Get(ctx, caller.ID); err != nil { // it has ended meanwhile
			g.streams.cutSessions([]string{caller.ID})
		}
	}
	return &Response{Status: answer.Status, Header: kept(answer.Header), Body: answer.Body}, nil
}
