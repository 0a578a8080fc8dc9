package app

import (
	"strings"

	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/httpapi"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy/watch"
	"github.com/hapta/hapta/server/session"
)

// rebuild makes a snapshot of the newest schema, policies and configuration
// and hands it to the gateway. It is called after each change of one of them.
func (a *app) rebuild() {
	a.rebuilding.Lock()
	defer a.rebuilding.Unlock()
	schema := a.db.Schema()
	if schema == nil {
		return // the first one brings us back here
	}
	set := a.folder.Set()
	a.remember(schema, set)
	snapshot := gateway.NewSnapshot(schema, set, a.hadPolicy, settings(a.config.Load()))
	a.gateway.Use(snapshot)
	a.report(findings(schema, set, a.hadPolicy, a.config.Load()))
}

// remember notes which collections have a policy, and whether there is one for
// all others, so that one whose file is lost is refused, and not left to the rules.
func (a *app) remember(schema *pocketbase.Schema, set *watch.Set) {
	remember := func(id, name string) {
		if _, ok := set.Entries[strings.ToLower(name)]; !ok {
			return
		}
		if err := a.ledger.Remember(id, name); err != nil {
			a.log.Error("it cannot be remembered that a collection has a policy; if the file is lost, the collection would be open", "collection", name, "cause", err)
		}
	}
	remember(watch.Default, watch.Default)
	for _, c := range schema.All() {
		if !c.IsSystem() {
			remember(c.Id, c.Name)
		}
	}
}

// hadPolicy says yes when it cannot know: closed is the safe mistake.
func (a *app) hadPolicy(collectionID string) bool {
	had, err := a.ledger.Has(collectionID)
	if err != nil {
		a.log.Error("collections without a policy are closed, for it is not known which ones had one", "cause", err)
		return true
	}
	return had
}

func settings(c *config.Config) gateway.Settings {
	s := gateway.Settings{
		DenyWithoutPolicy: c.Policies.Fallback == config.Deny,
		ByRules:           map[string]bool{},
		ByPolicy:          map[string]bool{},
		Lifetime:          c.Sessions.Lifetime,
		Sessions:          session.Rules{Grace: c.Sessions.RotationGrace, RotateAfter: c.Sessions.RotateAfter, MaxPerUser: c.Sessions.MaxPerUser},
		AcceptTokens:      c.Sessions.AcceptPocketBaseTokens,
		Recheck:           c.Sessions.Recheck,
		Explain:           c.Server.DevelopmentMode,
		Rates:             rates(c.RateLimits),
		CollectionRates:   map[string]map[string]gateway.Rate{},
		MaxInFlight:       c.Admission.MaxRequestsPerCaller,
		Bodies:            gateway.Bodies{Record: c.Admission.MaxRecordBody, Batch: c.Admission.MaxBatchBody, Passed: c.Admission.MaxPassedBody, Memory: c.Admission.MaxBodyMemory},
		Cache:             cache.Settings{TTL: c.Cache.TTL, Stale: c.Cache.Stale},
		CollectionCache:   map[string]cache.Collection{},
	}
	for name, collection := range c.Collections {
		s.ByRules[name] = collection.Authority == config.Rules
		s.ByPolicy[name] = collection.Authority == config.Policy
		s.CollectionRates[name] = rates(collection.RateLimits)
		s.CollectionCache[name] = cache.Collection{Mode: cacheModes[collection.Cache], TTL: collection.CacheTTL}
	}
	return s
}

var cacheModes = map[string]cache.Mode{
	"": cache.Shared, config.Shared: cache.Shared, config.Identity: cache.Identity, config.Off: cache.Off,
}

func admission(c *config.Config) httpapi.Admission {
	a := c.Admission
	return httpapi.Admission{
		Connections: a.MaxConnections, ConnectionsPerAddress: a.MaxConnectionsPerAddress, Requests: a.MaxRequests,
		HeaderTimeout: a.HeaderTimeout, BodyTimeout: a.BodyTimeout, IdleTimeout: a.IdleTimeout, Exempt: a.Exempt,
	}
}

func rates(limits map[string]config.RateLimit) map[string]gateway.Rate {
	out := map[string]gateway.Rate{}
	for operation, l := range limits {
		out[operation] = gateway.Rate{Limit: l.Limit, Every: l.Every, MaxUses: l.MaxUses}
	}
	return out
}

// report logs each finding once.
func (a *app) report(found []string) {
	for _, f := range found {
		if !a.reported[f] {
			a.reported[f] = true
			a.log.Warn(f)
		}
	}
}
