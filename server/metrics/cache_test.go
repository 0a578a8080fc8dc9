package metrics

import (
	"bytes"
	"strings"
	"sync"
	"testing"
)

// Every read counts once, for its collection and its outcome, whoever counts it.
func TestCacheReadsAreCounted(t *testing.T) {
	m := New()
	kept := m.CacheReads("posts")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			m.CacheReads("tags").Count("bypass")
			if m.CacheReads("posts") != kept {
				t.Error("a collection has another one the second time")
			}
		})
	}
	all.Wait()
	for n, outcome := range []string{"", "hit", "stale", "miss", "bypass", "other"} {
		for range n {
			kept.Count(outcome)
		}
	}
	want := `hapta_cache_reads_total{collection="posts",outcome="bypass"} 4
hapta_cache_reads_total{collection="posts",outcome="hit"} 1
hapta_cache_reads_total{collection="posts",outcome="miss"} 3
hapta_cache_reads_total{collection="posts",outcome="stale"} 2
hapta_cache_reads_total{collection="tags",outcome="bypass"} 8
hapta_cache_reads_total{collection="tags",outcome="hit"} 0
`
	if got := written(m); !strings.Contains(got, want) {
		t.Errorf("%s\nis not in\n%s", want, got)
	}
}

// A cache is asked each time that the metrics are read.
func TestCacheIsWatched(t *testing.T) {
	m, fill := New(), CacheFill{}
	m.WatchCache(func() CacheFill { return fill })
	fill = CacheFill{Size: 1 << 36, Entries: 2, Evacuated: 3, Refused: 4}
	want := "hapta_cache_entries 2\nhapta_cache_evacuated_total 3\nhapta_cache_refused_total 4\nhapta_cache_size_bytes 68719476736\n"
	if got := written(m); !strings.Contains(got, want) {
		t.Errorf("%s\nis not in\n%s", want, got)
	}
}

func written(m *Metrics) string {
	var out bytes.Buffer
	m.Write(&out)
	return out.String()
}
