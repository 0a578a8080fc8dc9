package gateway

import (
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/metrics"
)

// ResizeCache gives the cache so many bytes; 0 is none. What it has is dropped when
// that is another size than before.
func (g *Gateway) ResizeCache(bytes int) { g.cache.Resize(bytes) }

// CacheState tells an operator how full the cache is, and what it spares.
type CacheState struct {
	Size        int          `json:"size"`        // bytes that it may take; 0: there is none
	Entries     int64        `json:"entries"`     // a large answer is several
	Collections []CacheReads `json:"collections"` // those that were read
}

// CacheReads is how the reads of one collection came about, since the start.
type CacheReads struct {
	Collection string `json:"collection"`
	Hits       uint64 `json:"hits"`
	Stale      uint64 `json:"stale"`
	Misses     uint64 `json:"misses"`
	Bypasses   uint64 `json:"bypasses"`
}

// CacheState lists collections in PocketBase's order.
func (g *Gateway) CacheState() CacheState {
	held := g.cache.State()
	state := CacheState{Size: held.Size, Entries: held.Pieces, Collections: []CacheReads{}}
	s := g.snapshot.Load()
	if s == nil {
		return state
	}
	for _, c := range s.Schema.All() {
		n := g.counts.CacheReads(c.Name)
		reads := CacheReads{c.Name, n.Hits.Get(), n.Stale.Get(), n.Misses.Get(), n.Bypasses.Get()}
		if reads != (CacheReads{Collection: c.Name}) {
			state.Collections = append(state.Collections, reads)
		}
	}
	return state
}

// CacheFill is what the metrics tell of the cache.
func (g *Gateway) CacheFill() metrics.CacheFill {
	held := g.cache.State()
	return metrics.CacheFill{Size: int64(held.Size), Entries: held.Pieces, Evacuated: held.Evacuated, Refused: held.Refused}
}

// PurgeCache drops what is kept of a record, of a collection or, without either, of
// everything. It does so while the database is away, too: old answers may stand in
// for it then.
func (g *Gateway) PurgeCache(collection, record string) error {
	if collection == "" {
		return g.purgeAll(record)
	}
	s := g.snapshot.Load()
	if s == nil {
		return apierr.New(apierr.NotReady)
	}
	c := s.Schema.Find(collection)
	switch {
	case c == nil:
		return apierr.Detailed(apierr.BadQuery, "There is no collection %q, so nothing was dropped.", collection)
	case record == "":
		g.cache.TouchCollection(c.Id)
	default:
		g.cache.TouchRecord(c.Id, record)
	}
	g.log.Info("the cache was purged by the admin API", "collection", c.Name, "record", record)
	return nil
}

// purgeAll drops everything, but not where a record is named without its collection.
func (g *Gateway) purgeAll(record string) error {
	if record != "" {
		return apierr.Detailed(apierr.BadQuery, "Name the record's collection as well: ?collection=posts&record=ID.")
	}
	g.cache.TouchAll()
	g.log.Info("the cache was purged by the admin API")
	return nil
}
