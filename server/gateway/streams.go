package gateway

import (
	"context"
	"sync"
)

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
