package gateway

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/ratelimit"
	"github.com/hapta/hapta/server/seldom"
	"github.com/hapta/hapta/server/session"
)

// Gateway serves requests. It is safe for concurrent use.
type Gateway struct {
	db       *pocketbase.Database
	sessions *session.Manager
	log      *slog.Logger
	counts   *metrics.Metrics

	snapshot    atomic.Pointer[Snapshot]
	writes      recordLocks
	proofs      singleflight.Group
	streams     openStreams
	limits      ratelimit.Store
	inFlight    *ratelimit.InFlight
	offenders   *ratelimit.Offenders
	room        room
	turns       *ratelimit.Turns // to read by; nil: nobody waits
	cache       *cache.Cache
	droppers    sync.Map // versions of policies that kept listed records back undeclared
	toldOfStale seldom.Gate
	reread      seldom.Gate // of the schema, for an answer
}

// New returns a gateway that is not ready until it is given a Snapshot.
func New(db *pocketbase.Database, sessions *session.Manager, log *slog.Logger, counts *metrics.Metrics) *Gateway {
	g := &Gateway{
		db: db, sessions: sessions, log: log, counts: counts,
		limits: ratelimit.NewMemory(), inFlight: ratelimit.NewInFlight(), offenders: ratelimit.NewOffenders(), room: room{ratelimit.NewInFlight()},
		cache: cache.New(),
	}
	if n := db.Readers(); n > 0 {
		g.turns = ratelimit.NewTurns(n)
	}
	if sessions != nil {
		sessions.OnEnd(g.streams.cutSessions)
		db.OnChange(g.changed)
	}
	return g
}

// Use makes s what every request from now on is served by. Requests under way
// keep the one they began with; realtime streams that s would refuse are cut.
func (g *Gateway) Use(s *Snapshot) {
	for _, c := range s.Schema.All() {
		if a := s.access[c.Id]; !c.IsSystem() {
			a.counted = g.counts.CacheReads(c.Name)
			s.access[c.Id] = a
		}
	}
	before := g.snapshot.Swap(s)
	g.streams.cutRefused(s)
	if before == nil {
		return
	}
	for _, c := range s.Schema.All() {
		if was, known := before.access[c.Id]; known && !was.open() && s.access[c.Id].open() {
			g.log.Info("a collection is left to PocketBase's rules now", "collection", c.Name)
		}
	}
}

// Close gives up what is still being asked of the database for nobody in particular.
func (g *Gateway) Close() { g.cache.Close() }

// Ready tells whether requests can be served.
func (g *Gateway) Ready() bool { return g.snapshot.Load() != nil && g.db.Ready() }

// take is the snapshot for one request, taken once.
func (g *Gateway) take() (*Snapshot, error) {
	s := g.snapshot.Load()
	if s == nil || !g.db.Ready() {
		return nil, apierr.New(apierr.NotReady)
	}
	return s, nil
}

// enter is how a route that carries no records begins: with a snapshot, with who
// asks, and with what limits them.
func (g *Gateway) enter(ctx context.Context, p *Passage, limit string) (*Snapshot, *Caller, error) {
	snap, err := g.take()
	if err != nil {
		return nil, nil, err
	}
	caller, err := g.identify(ctx, snap, p)
	if err != nil || limit == limitNone {
		return snap, caller, err
	}
	return snap, caller, g.limit(ctx, snap, p, caller, toll{snap.quotas[limit], 1})
}

// rereadSchema is called when an answer has a field that the schema lacks. A
// hook that adds a field of its own to answers would call it each time, so it
// does so once a second at most.
func (g *Gateway) rereadSchema(ctx context.Context) {
	if !g.reread.Opens(time.Second) {
		return
	}
	if err := g.db.RefreshSchema(ctx); err != nil {
		g.log.Warn("the schema cannot be read again", "cause", err)
	}
}

// Settings are the parts of the configuration that decide about requests.
type Settings struct {
	DenyWithoutPolicy bool            // [policies] fallback = "deny"
	ByRules           map[string]bool // collections with authority = "rules", lower-cased name or id
	ByPolicy          map[string]bool // collections with authority = "policy", lower-cased name or id
	Lifetime          time.Duration   // longest life of a token; 0: as long as PocketBase's
	Sessions          session.Rules
	AcceptTokens      bool          // [sessions] accept_pocketbase_tokens
	Recheck           time.Duration // how long a kept PocketBase token is believed
	Explain           bool          // [server] development_mode

	Rates           map[string]Rate            // [ratelimits], by what they are for
	CollectionRates map[string]map[string]Rate // those of collections, by lower-cased name or id
	MaxInFlight     int                        // requests of one caller under way; 0: any number
	Bodies          Bodies

	Cache           cache.Settings
	CollectionCache map[string]cache.Collection // by lower-cased name or id
}
