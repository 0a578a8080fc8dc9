package gateway

import (
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"testing"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/metrics"
)

// Each outcome there is counts, for its collection; collections that nobody has read
// are not told of.
func TestCacheState(t *testing.T) {
	w := newWorld(t)
	if state := w.CacheState(); !reflect.DeepEqual(state, CacheState{Size: cache.LeastSize, Collections: []CacheReads{}}) {
		t.Errorf("at the start it is %+v", state)
	}
	for n, o := range []cache.Outcome{cache.None, cache.Hit, cache.Stale, cache.Miss, cache.Bypass} {
		for range n {
			w.counts.CacheReads("comments").Count(o.String())
		}
	}
	w.counts.CacheReads("notes").Count(cache.Hit.String())
	want := []CacheReads{{Collection: "notes", Hits: 1}, {"comments", 1, 2, 3, 4}}
	if state := w.CacheState(); !sameReads(state.Collections, want) {
		t.Errorf("it is %+v; want %+v", state, want)
	}
	if fill := w.CacheFill(); fill != (metrics.CacheFill{Size: cache.LeastSize}) {
		t.Errorf("the metrics tell %+v", fill)
	}
}

// sameReads is for two lists of two, in any order.
func sameReads(got, want []CacheReads) bool {
	return len(got) == 2 && (got[0] == want[0] && got[1] == want[1] || got[0] == want[1] && got[1] == want[0])
}

// Until the collections are known, all can be dropped and nothing else.
func TestPurgeBeforeTheStart(t *testing.T) {
	g := New(db, nil, slog.New(slog.DiscardHandler), metrics.New())
	if err := g.PurgeCache("", ""); err != nil {
		t.Errorf("all cannot be dropped: %v", err)
	}
	var e *apierr.Error
	if err := g.PurgeCache("comments", ""); !errors.As(err, &e) || e.Code != apierr.NotReady {
		t.Errorf("a collection is dropped with %v", err)
	}
	if state := g.CacheState(); state.Collections == nil || len(state.Collections) > 0 {
		t.Errorf("it is %+v", state)
	}
}

// What depends on what is named is read anew, and nothing else is.
func TestPurge(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "open", "comments": "open"}, alone("notes", "comments"))
	one, two := w.record("comments", nil).Id, w.record("comments", nil).Id
	reads := map[string]ask{
		"one": {op: view, collection: "comments", id: one}, "two": {op: view, collection: "comments", id: two},
		"the list": {op: list, collection: "comments"}, "notes": {op: list, collection: "notes"},
	}
	read := func(dropped ...string) {
		t.Helper()
		for name, q := range reads {
			a, err := w.Serve(t.Context(), &Request{Passage: *w.passage(q), Operation: q.op, Collection: q.collection, RecordID: q.id})
			if err != nil {
				t.Fatal(err)
			}
			want := cache.Hit
			if slices.Contains(dropped, name) {
				want = cache.Miss
			}
			if a.Cache != want {
				t.Errorf("%s is a %s; want a %s", name, a.Cache, want)
			}
		}
	}
	purge := func(collection, record string) {
		t.Helper()
		read() // all is kept
		if err := w.PurgeCache(collection, record); err != nil {
			t.Fatal(err)
		}
	}
	read("one", "two", "the list", "notes")
	purge("comments", one)
	read("one", "the list")
	purge("COMMENTS", "")
	read("one", "two", "the list")
	purge("", "")
	read("one", "two", "the list", "notes")
	for _, bad := range [][2]string{{"none", ""}, {"none", one}, {"", one}} {
		var e *apierr.Error
		if err := w.PurgeCache(bad[0], bad[1]); !errors.As(err, &e) || e.Code != apierr.BadQuery {
			t.Errorf("%q: %v", bad, err)
		}
	}
	read()

	want := []CacheReads{{Collection: "comments", Hits: 13, Misses: 11}, {Collection: "notes", Hits: 6, Misses: 2}}
	if state := w.CacheState(); !sameReads(state.Collections, want) || state.Entries == 0 {
		t.Errorf("it is %+v; want %+v", state, want)
	}
}
