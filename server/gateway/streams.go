package gateway

import (
	"context"
	"sync"
)

// openStreams are the event streams under way.
type openStreams struct {
	mu       sync.Mutex
	open     map[*openStream]bool
	byClient map[string]*openStream
	served   *Snapshot
}

type openStream struct {
	cancel   context.CancelFunc
	clientID string // as PocketBase tells the client; empty before it has
	session  string // whose it is; empty: nobody's until it is subscribed to something
}

func (o *openStreams) enter(cancel context.CancelFunc, session string) *openStream {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.open == nil {
		o.open = map[*openStream]bool{}
	}
	s := &openStream{cancel: cancel, session: session}
	o.open[s] = true
	return s
}

func (o *openStreams) leave(s *openStream) {
	o.mu.Lock()
	delete(o.open, s)
	delete(o.byClient, s.clientID)
	o.mu.Unlock()
	s.cancel()
}

func (o *openStreams) name(s *openStream, clientID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s.clientID = clientID
	if o.byClient == nil {
		o.byClient = map[string]*openStream{}
	}
	o.byClient[clientID] = s
}

// bind makes a stream end with a session.
func (o *openStreams) bind(clientID, sessionID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if s, ok := o.byClient[clientID]; ok {
		s.session = sessionID
	}
}

// cutSessions ends the streams of sessions that have ended.
func (o *openStreams) cutSessions(ids []string) {
	ended := make(map[string]bool, len(ids)) // there may be many of both
	for _, id := range ids {
		ended[id] = true
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for s := range o.open {
		if ended[s.session] {
			s.cancel()
		}
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
	for s := range o.open {
		s.cancel()
	}
}

// CutStreams ends all event streams, for a server that stops.
func (g *Gateway) CutStreams() {
	g.streams.mu.Lock()
	defer g.streams.mu.Unlock()
	g.streams.cutAll()
}
