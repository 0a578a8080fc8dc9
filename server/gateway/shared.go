package gateway

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/sharing"
)

// shared is a reading whose answer others may be given too. It is asked for without
// any caller; or as the caller, if it is shared among those who are the same record.
type shared struct {
	cache.Question
	caller  *Caller            // nil: everyone, or all guests
	managed *pocketbase.Schema // nil: no account is shown otherwise to who manages it
	room    [6]cache.Slot      // of Question.On, mostly
}

// share finds out who else may be given the answer to a reading; nil when nobody may.
func (g *Gateway) share(snap *Snapshot, caller *Caller, r *reading) *shared {
	if !g.cache.Keeps() || isAmbiguous(r.query) || !r.asSuperuser && caller.isSuperuser() {
		return nil
	}
	p := g.plan(snap, r)
	switch p.reach {
	case sharing.Nobody:
		return nil
	case sharing.Everyone:
		caller = nil
	}
	q := &shared{caller: caller}
	if p.managed {
		q.managed = snap.Schema
	}
	q.Key = appendKey(make([]byte, 0, 256), snap, p.reach, caller, r)
	q.On = append(q.room[:0], p.on...)
	if r.record != "" {
		q.On = append(q.On, g.cache.Record(r.collection, r.record))
	}
	for _, id := range r.only {
		q.On = append(q.On, g.cache.Record(r.collection, id))
	}
	if caller != nil { // whose token holds for as long as they do not change
		q.On = append(q.On, g.cache.Record(caller.CollectionID, caller.RecordID))
	}
	q.TTL, q.Stale = g.trusted(p.ttl), snap.Settings.Cache.Stale
	return q
}

// trusted is a ttl, or what is left of it while changes may not be told.
func (g *Gateway) trusted(ttl time.Duration) time.Duration {
	if g.db.Live() {
		return ttl
	}
	return min(ttl, pocketbase.UnseenBound)
}

// read answers from the cache, or asks the database for all who may share the answer.
// alone is how it is asked for this caller alone.
func (op *operation) read(ctx context.Context, r *reading, alone reader) (*Response, error) {
	q := op.gateway.share(op.snapshot, op.caller, r)
	if q == nil {
		return op.readAlone(ctx, r, alone)
	}
	fetch := func() cache.Fetch { return op.gateway.fetcher(r, q) }
	if answer, ok := op.gateway.cache.Kept(ctx, &q.Question, fetch); ok {
		return op.take(answer, cache.Hit, q.TTL), nil
	}
	if err := op.awaitTurn(ctx); err != nil {
		return nil, err
	}
	answer, outcome, err := op.gateway.cache.Read(ctx, &q.Question, fetch)
	switch {
	case errors.Is(err, cache.ErrPersonal):
		return op.readAlone(ctx, r, alone)
	case err != nil:
		return nil, unavailable(err)
	}
	return op.take(answer, outcome, q.TTL), nil
}

func (op *operation) readAlone(ctx context.Context, r *reading, alone reader) (*Response, error) {
	if err := op.awaitTurn(ctx); err != nil {
		return nil, err
	}
	op.spent.read = max(op.spent.read, cache.Bypass)
	return alone(ctx, r)
}

// take makes an answer of the cache part of the operation's own. It was kept for another
// time than this if the settings have changed.
func (op *operation) take(answer *cache.Answer, outcome cache.Outcome, ttl time.Duration) *Response {
	basis := answer.Basis
	basis.TTL = min(basis.TTL, ttl)
	if answer.Passing {
		outcome = cache.Bypass
	}
	op.spent.read = max(op.spent.read, outcome)
	op.spent.basis.Add(basis)
	return &Response{Status: answer.Status, Header: answer.Header, Body: answer.Body}
}

func (c *Caller) isSuperuser() bool {
	return c != nil && c.CollectionName == core.CollectionNameSuperusers
}

// conclude counts how a read was answered or refused, says so in an answer, and remembers
// that.
func (op *operation) conclude(answer *Response, err error) {
	if !op.isRead() {
		return
	}
	op.counted.Count(op.spent.read.String())
	if op.spent.read == cache.Stale {
		op.gateway.warnOfStale()
	}
	if err == nil {
		op.remember(answer)
		answer.Cache = op.spent.read
	}
}

// warnOfStale says so at most once a minute.
func (g *Gateway) warnOfStale() {
	if g.toldOfStale.Opens(time.Minute) {
		g.log.Warn("the database fails or takes long: old answers stand in for it, as [cache] stale allows")
	}
}

// isRead tells whether the operation changes nothing.
func (op *operation) isRead() bool { return isRead(op.Operation) }

func isRead(o abi.Operation) bool { return o == abi.OperationList || o == abi.OperationView }

// takeFor is take, but that a read goes on where what is kept may stand in for a
// database that cannot be reached.
func (g *Gateway) takeFor(o abi.Operation) (*Snapshot, error) {
	s, err := g.take()
	if last := g.snapshot.Load(); err != nil && last != nil && last.Settings.Cache.Stale > 0 && isRead(o) {
		return last, nil
	}
	return s, err
}
