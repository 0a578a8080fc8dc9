package metrics

import (
	"fmt"

	"github.com/VictoriaMetrics/metrics"
)

// CacheReads are how the reads of one collection came about.
type CacheReads struct {
	Hits, Stale, Misses, Bypasses *metrics.Counter
}

// CacheReads is the same one for a collection each time, so that whoever reads often
// can keep it.
func (m *Metrics) CacheReads(collection string) *CacheReads {
	if r, ok := m.cacheReads.Load(collection); ok {
		return r.(*CacheReads)
	}
	counter := func(outcome string) *metrics.Counter {
		return m.set.GetOrCreateCounter(fmt.Sprintf("hapta_cache_reads_total{collection=%q,outcome=%q}", collection, outcome))
	}
	r, _ := m.cacheReads.LoadOrStore(collection, &CacheReads{counter("hit"), counter("stale"), counter("miss"), counter("bypass")})
	return r.(*CacheReads)
}

// Count counts one read by its outcome's name; what is none of them was no read. Nobody
// counts on nil.
func (r *CacheReads) Count(outcome string) {
	if r == nil {
		return
	}
	switch outcome {
	case "hit":
		r.Hits.Inc()
	case "stale":
		r.Stale.Inc()
	case "miss":
		r.Misses.Inc()
	case "bypass":
		r.Bypasses.Inc()
	}
}

// CacheFill is how full a cache is, and what that costs.
type CacheFill struct {
	Size      int64 // bytes that it may take
	Entries   int64
	Evacuated int64 // entries that had to make room, or were moved since they are asked for often
	Refused   int64 // answers that were too large for it
}

// WatchCache has the metrics tell of a cache, which is asked each time.
func (m *Metrics) WatchCache(fill func() CacheFill) {
	m.set.NewGauge("hapta_cache_size_bytes", func() float64 { return float64(fill().Size) })
	m.set.NewGauge("hapta_cache_entries", func() float64 { return float64(fill().Entries) })
	m.set.NewGauge("hapta_cache_evacuated_total", func() float64 { return float64(fill().Evacuated) })
	m.set.NewGauge("hapta_cache_refused_total", func() float64 { return float64(fill().Refused) })
}
