package gateway

import (
	"errors"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy"
	"github.com/hapta/hapta/server/policy/watch"
	"github.com/hapta/hapta/server/sharing"
)

// Snapshot is everything that decides about a request, fixed for its whole
// way: schema, policies and configuration. It is immutable.
type Snapshot struct {
	Schema   *pocketbase.Schema
	Settings Settings

	access  map[string]access // by collection id
	sharing *sharing.Rules
	plans   plans
	number  uint64
	quotas  quotas // of collections that have none of their own, and of what is of no collection
	judging bool   // some collection has a policy or is closed
}

// access says who decides about a collection.
type access struct {
	policy      *policy.Policy      // nil: the database's rules alone
	asSuperuser bool                // the policy alone decides
	closed      apierr.Code         // not empty: nobody gets in
	quotas      quotas              // how much of it there may be
	cause       error               // why it is closed, for the log
	counted     *metrics.CacheReads // nil for PocketBase's own collections
}

// NewSnapshot works out, for each collection, who decides. hadPolicy tells
// whether a collection, or watch.Default, has had a policy before.
func NewSnapshot(schema *pocketbase.Schema, set *watch.Set, hadPolicy func(collectionID string) bool, settings Settings) *Snapshot {
	settings.Bodies = settings.Bodies.orStandard()
	s := &Snapshot{Schema: schema, Settings: settings, sharing: sharing.New(schema), number: snapshots.Add(1), access: map[string]access{}, quotas: newQuotas(settings.Rates, "")}
	for _, c := range schema.All() {
		a := decide(c, set, hadPolicy, settings)
		a.quotas = s.quotas.of(c.Name, c.Id, settings.CollectionRates)
		s.access[c.ID()] = a
		s.judging = s.judging || a.policy != nil || a.closed != ""
	}
	return s
}

func decide(c *pocketbase.Collection, set *watch.Set, hadPolicy func(string) bool, settings Settings) access {
	name, id := strings.ToLower(c.Name), strings.ToLower(c.ID())
	byPolicy := settings.ByPolicy[name] || settings.ByPolicy[id]
	byRules := settings.ByRules[name] || settings.ByRules[id]

	if c.IsSystem() {
		return withoutPolicy(settings, byRules)
	}
	if c.Opaque != nil {
		return access{closed: apierr.SchemaUnknown, cause: c.Opaque}
	}
	if entry, ok := set.Entries[name]; ok {
		return withPolicy(entry, byPolicy)
	}
	if byPolicy || hadPolicy(c.ID()) {
		return access{closed: apierr.PolicyMissing}
	}
	if entry, ok := set.Entries[watch.Default]; ok {
		return withPolicy(entry, false)
	}
	if hadPolicy(watch.Default) {
		return access{closed: apierr.PolicyMissing}
	}
	return withoutPolicy(settings, byRules)
}

func withPolicy(entry watch.Entry, byPolicy bool) access {
	if entry.Err != nil {
		return access{closed: apierr.PolicyNotLoaded, cause: entry.Err}
	}
	return access{policy: entry.Policy, asSuperuser: byPolicy}
}

func withoutPolicy(settings Settings, byRules bool) access {
	if settings.DenyWithoutPolicy && !byRules {
		return access{closed: apierr.NoPolicy}
	}
	return access{}
}

// find is the collection a client names. Superusers are not there for clients,
// unless they are exposed.
func (s *Snapshot) find(nameOrID string, exposed bool) (*pocketbase.Collection, error) {
	c := s.Schema.Find(nameOrID)
	if c == nil || c.Name == core.CollectionNameSuperusers && !exposed {
		return nil, missingCollection()
	}
	return c, nil
}

// missingCollection is PocketBase's own answer for a collection that is not there.
func missingCollection() error {
	e := apierr.NotFound()
	e.Message = "Missing collection context."
	return e
}

// otherwise is what find answers on routes where PocketBase looks for the
// collection before the route does (apis/middlewares_rate_limit.go,
// apis/middlewares_body_limit.go).
func otherwise(err error) error {
	var e *apierr.Error
	if errors.As(err, &e) && e.Status == http.StatusNotFound {
		e.Message = "Missing or invalid collection context."
	}
	return err
}

// open tells whether the database's rules alone decide about a collection.
func (a access) open() bool { return a.policy == nil && a.closed == "" }
