package gateway

import (
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/tools/search"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/sharing"
)

// plan is what is known of readings that differ in nothing that rules look at.
type plan struct {
	reach   sharing.Reach
	managed bool // see sharing.Sharing
	on      []cache.Slot
	ttl     time.Duration
}

// plans holds those that were made lately: to read a filter takes longer than to answer
// from the cache.
type plans struct {
	mu   sync.RWMutex
	made map[planKey]*plan
}

type planKey struct {
	collection, filter, sort, expand string
	view, byIDs, asSuperuser         bool
}

// maxPlans bounds how many are held.
const maxPlans = 4096

func (g *Gateway) plan(snap *Snapshot, r *reading) *plan {
	k := planKey{collection: r.collection, view: r.record != "", byIDs: r.only != nil, asSuperuser: r.asSuperuser, expand: r.query.Get(expandParam)}
	if !k.view && !k.byIDs {
		k.filter, k.sort = r.query.Get(search.FilterQueryParam), r.query.Get(search.SortQueryParam)
	}
	snap.plans.mu.RLock()
	p := snap.plans.made[k]
	snap.plans.mu.RUnlock()
	if p != nil {
		return p
	}
	p = g.makePlan(snap, k)
	snap.plans.mu.Lock()
	defer snap.plans.mu.Unlock()
	if snap.plans.made == nil || len(snap.plans.made) >= maxPlans {
		snap.plans.made = map[planKey]*plan{}
	}
	snap.plans.made[k] = p
	return p
}

func (g *Gateway) makePlan(snap *Snapshot, k planKey) *plan {
	c := snap.Schema.Find(k.collection)
	if c == nil || c.Id != k.collection {
		return &plan{}
	}
	s := snap.sharing.Of(sharing.Request{
		Collection: c, View: k.view || k.byIDs, AsSuperuser: k.asSuperuser, Filter: k.filter, Sort: k.sort, Expand: k.expand,
	})
	p := &plan{reach: s.Reach, managed: s.Managed, on: []cache.Slot{g.cache.Whole(c.Id)}, ttl: snap.cacheOf(c.Id).TTL}
	for _, id := range append([]string{c.Id}, s.Collections...) {
		own := snap.cacheOf(id)
		p.ttl = min(p.ttl, own.TTL)
		switch own.Mode {
		case cache.Identity:
			p.reach = min(p.reach, sharing.Identity)
		case cache.Off:
			p.reach = sharing.Nobody
		}
	}
	if s.Views { // of whose changes nobody tells
		p.ttl = min(p.ttl, pocketbase.UnseenBound)
	}
	for _, id := range s.Collections {
		p.on = append(p.on, g.cache.Rows(id))
	}
	return p
}

// cacheOf is how a collection is cached, its ttl filled in.
func (s *Snapshot) cacheOf(id string) cache.Collection {
	c := s.Schema.Find(id)
	own, ok := s.Settings.CollectionCache[strings.ToLower(id)]
	if !ok && c != nil {
		own = s.Settings.CollectionCache[strings.ToLower(c.Name)]
	}
	if own.TTL == 0 {
		own.TTL = s.Settings.Cache.TTL
	}
	return own
}
