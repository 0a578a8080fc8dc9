package coherence

import (
	"bytes"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/policy/watch"
	"github.com/hapta/hapta/server/session"
)

// world is a gateway with a cache, and one without, before a PocketBase.
type world struct {
	*testing.T
	db            *pocketbase.Database
	cached, plain *gateway.Gateway
	viewers       []*viewer

	settling sync.Mutex
	settings gateway.Settings          // guarded by settling, as are the following
	policies map[string]string         // of collections, by the name of their file
	loaded   map[string]*policy.Policy // by that name
}

// standard is what each world begins with.
var standard = map[string]string{"users": "people", "letters": "letters", "replies": "replies", "boxes": "drops", "teams": "agents"}

func newWorld(t *testing.T, database *pocketbase.Database) *world {
	t.Helper()
	store, err := session.OpenSQLite(filepath.Join(t.TempDir(), "sessions.db"))
	if err != nil {
		t.Fatal(err)
	}
	log, counts := slog.New(slog.DiscardHandler), metrics.New()
	sessions, err := session.NewManager(store, [][]byte{bytes.Repeat([]byte("k"), 32)}, log, counts)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		T: t, db: database, plain: gateway.New(database, sessions, log, counts), loaded: map[string]*policy.Policy{},
		policies: maps.Clone(standard), settings: gateway.Settings{
			Sessions: session.Rules{Grace: time.Hour}, Recheck: time.Hour, ByPolicy: map[string]bool{"letters": true},
			Cache: cache.Settings{TTL: time.Hour},
		},
	}
	w.cached = gateway.New(database, sessions, log, counts) // which is told of changes
	w.cached.ResizeCache(cache.LeastSize)
	engine := policy.NewEngine(policy.Limits{Fuel: 2_000_000, MemoryBytes: 4 << 20})
	for _, name := range []string{"people", "letters", "replies", "drops", "agents", "sieve", "open"} {
		raw, err := os.ReadFile(filepath.Join("..", "gateway", "testdata", "policies", name+".wasm"))
		if err != nil {
			t.Fatal(err)
		}
		if w.loaded[name], err = engine.Load(t.Context(), name, raw); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(w.loaded[name].Retire)
	}
	w.rebuild()
	current.Store(w)
	t.Cleanup(func() {
		current.Store(nil)
		w.cached.ResizeCache(0)
		if err := sessions.Close(); err != nil {
			t.Error(err)
		}
	})
	w.fill()
	return w
}

// use changes policies or settings.
func (w *world) use(change func(policies map[string]string, settings *gateway.Settings)) {
	w.settling.Lock()
	policies, settings := maps.Clone(w.policies), w.settings
	settings.ByPolicy, settings.CollectionCache = maps.Clone(settings.ByPolicy), maps.Clone(settings.CollectionCache)
	change(policies, &settings)
	w.policies, w.settings = policies, settings
	w.settling.Unlock()
	w.rebuild()
}

// rebuild has both gateways go by what there is now.
func (w *world) rebuild() {
	w.settling.Lock()
	defer w.settling.Unlock()
	set := &watch.Set{Entries: map[string]watch.Entry{}}
	for collection, name := range w.policies {
		set.Entries[collection] = watch.Entry{Policy: w.loaded[name]}
	}
	for _, g := range []*gateway.Gateway{w.plain, w.cached} {
		g.Use(gateway.NewSnapshot(w.db.Schema(), set, func(string) bool { return false }, w.settings))
	}
}

// dice is a source of chance, which a failure is repeated by.
type dice struct{ *rand.Rand }

func newDice(t *testing.T, seed uint64) dice {
	if from, err := strconv.ParseUint(os.Getenv("HAPTA_SEED"), 10, 64); err == nil {
		seed = from
	}
	t.Logf("HAPTA_SEED=%d", seed)
	return dice{rand.New(rand.NewPCG(seed, 0))}
}

// rounds is how many are tried, unless it is said otherwise. The race detector makes each
// of them slow, and has nothing to find where one thing comes after the other.
func rounds(n, underRaceDetector int) int {
	if underRace {
		n = underRaceDetector
	}
	if more, err := strconv.Atoi(os.Getenv("HAPTA_ROUNDS")); err == nil {
		return more
	}
	return n
}

func pick[T any](d dice, of ...T) T { return of[d.IntN(len(of))] }

func (d dice) oneIn(n int) bool { return d.IntN(n) == 0 }

func (d dice) name(of map[string]*string) string { return pick(d, slices.Sorted(maps.Keys(of))...) }
