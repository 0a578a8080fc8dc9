package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/filter"
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
	snap, err := g.take()
	if err != nil {
		return nil, err
	}
	caller, err := g.identify(ctx, snap, p.Token)
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

// readTopics reads the one form of body that is understood, and writes it anew.
func readTopics(b *body) ([]byte, []string, error) {
	var want struct {
		ClientID      string   `json:"clientId"`
		Subscriptions []string `json:"subscriptions"`
	}
	for key := range b.values {
		if key != "clientId" && key != "subscriptions" {
			return nil, nil, apierr.Detailed(apierr.BadBody, "%q is not expected here; send clientId and subscriptions.", key)
		}
	}
	raw, err := json.Marshal(b.values)
	if err != nil {
		return nil, nil, unreadable(err)
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		return nil, nil, apierr.Detailed(apierr.BadBody, "Send clientId as text and subscriptions as a list of texts.")
	}
	out, err := json.Marshal(want)
	if err != nil {
		return nil, nil, apierr.From(err)
	}
	return out, want.Subscriptions, nil
}

// maySubscribe tells whether nothing that the topic brings is a policy's.
func (s *Snapshot) maySubscribe(topic string) error {
	u, err := url.Parse(topic)
	if err != nil {
		return apierr.Detailed(apierr.BadBody, "The topic %.60q cannot be read.", topic)
	}
	name, _, _ := strings.Cut(topic, "?")
	if name == "@oauth2" {
		return apierr.New(apierr.SignInWay)
	}
	name, _, _ = strings.Cut(name, "/")
	c := s.Schema.Find(name)
	if c == nil || !s.judging {
		return nil // a topic of the app's own
	}
	if !s.access[c.Id].open() {
		return apierr.New(apierr.TopicNotJudged)
	}
	raw := u.Query().Get("options")
	if raw == "" {
		return nil
	}
	var options subscriptions.SubscriptionOptions
	if err := json.Unmarshal([]byte(raw), &options); err != nil {
		return apierr.Detailed(apierr.BadBody, "The options of the topic %.60q cannot be read.", topic)
	}
	if _, err := s.expandable(c, []string{options.Query["expand"]}, false); err != nil {
		return err
	}
	return s.mayFilterTopic(c, options.Query["filter"])
}

func (s *Snapshot) mayFilterTopic(c *pocketbase.Collection, text string) error {
	if text == "" {
		return nil
	}
	node, err := filter.Parse(text)
	if err != nil {
		return badFilter(err)
	}
	op := &operation{snapshot: s, collection: c}
	for _, path := range node.Fields() {
		if err := op.mayName(path); err != nil {
			return err
		}
	}
	return nil
}

// openStreams are the event streams under way.
type openStreams struct {
	mu      sync.Mutex
	next    int
	cancels map[int]context.CancelFunc
	served  *Snapshot
}

func (o *openStreams) enter(cancel context.CancelFunc) (leave func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.cancels == nil {
		o.cancels = map[int]context.CancelFunc{}
	}
	id := o.next
	o.next++
	o.cancels[id] = cancel
	return func() {
		o.mu.Lock()
		delete(o.cancels, id)
		o.mu.Unlock()
		cancel()
	}
}

// cutRefused ends all streams when a collection that was open no longer is.
// Clients come back by themselves and are told what they may subscribe to.
func (o *openStreams) cutRefused(s *Snapshot) {
	o.mu.Lock()
	defer o.mu.Unlock()
	before := o.served
	o.served = s
	if before == nil {
		return
	}
	for _, c := range s.Schema.All() {
		if before.access[c.Id].open() && !s.access[c.Id].open() {
			o.cutAll()
			return
		}
	}
}

// recheck catches a subscription that was allowed by a snapshot which was
// replaced while PocketBase took it.
func (o *openStreams) recheck(s *Snapshot, topics []string) {
	for _, topic := range topics {
		if s.maySubscribe(topic) != nil {
			o.mu.Lock()
			o.cutAll()
			o.mu.Unlock()
			return
		}
	}
}

func (o *openStreams) cutAll() {
	for _, cancel := range o.cancels {
		cancel()
	}
}

// CutStreams ends all event streams, for a server that stops.
func (g *Gateway) CutStreams() {
	g.streams.mu.Lock()
	defer g.streams.mu.Unlock()
	g.streams.cutAll()
}
