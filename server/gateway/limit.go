package gateway

import (
	"context"
	"errors"
	"time"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/clientip"
	"github.com/hapta/hapta/server/ratelimit"
	"github.com/hapta/hapta/server/session"
)

// toll is how much a request counts for a limit.
type toll struct {
	quota *quota // nil: nothing
	n     int
}

// limit counts a request for each of the limits that it meets, or for none if one
// of them refuses it. Who hammers against a limit is put off by it.
func (g *Gateway) limit(ctx context.Context, snap *Snapshot, p *Passage, caller *Caller, tolls ...toll) error {
	who := p.who(caller)
	if p.Exempt {
		p.Flight.begin(everyone, &g.room, int(snap.Settings.Bodies.Memory))
		return nil
	}
	p.Flight.begin(who, &g.room, int(snap.Settings.Bodies.Memory))
	if !p.Flight.enter(g.inFlight, snap.Settings.MaxInFlight) {
		g.counts.RequestsLimited.Inc()
		return apierr.Wait(apierr.TooManyAtOnce, time.Second)
	}
	for _, t := range tolls {
		if t.quota != nil && t.n > t.quota.limit.Burst {
			return apierr.Detailed(apierr.BatchOverLimit, "%s So many as are in this batch never fit; send them in several.", t.quota.told)
		}
	}
	for i, t := range tolls {
		if err := g.pay(ctx, p, caller, who, t); err != nil {
			for _, paid := range tolls[:i] {
				g.refund(ctx, caller, who, paid)
			}
			return err
		}
	}
	return nil
}

// who is a record that is signed in, or a network. An address of IPv6 stands for
// its network, of which one device can have any number (RFC 8981).
func (p *Passage) who(caller *Caller) ratelimit.Caller {
	if caller != nil {
		return ratelimit.Caller{Collection: caller.CollectionID, Record: caller.RecordID}
	}
	return ratelimit.Caller{Network: clientip.Network(p.Client.Addr(), 64)}
}

func (g *Gateway) pay(ctx context.Context, p *Passage, caller *Caller, who ratelimit.Caller, t toll) error {
	q := t.quota
	if q == nil || t.n == 0 {
		return nil
	}
	if err := g.takeFrom(ctx, p, caller, q, q.key(who), q.limit, t.n); err != nil || q.maxUses == 0 || caller == nil {
		return err
	}
	if err := g.payUses(ctx, p, caller, t); err != nil {
		g.refund(ctx, nil, who, t)
		return err
	}
	return nil
}

// takeFrom counts n of a key, or refuses them.
func (g *Gateway) takeFrom(ctx context.Context, p *Passage, caller *Caller, q *quota, k ratelimit.Key, l ratelimit.Limit, n int) error {
	b, err := g.limits.Take(ctx, k, l, n, time.Now())
	if err != nil {
		return apierr.From(err)
	}
	p.Flight.stand(q, b)
	switch {
	case b.PutOff:
		return g.refuse(ctx, p, caller, k, apierr.Wait(apierr.PutOff, b.Wait))
	case !b.OK:
		e := apierr.Wait(apierr.TooManyRequests, b.Wait)
		e.Detail = q.told
		return g.refuse(ctx, p, caller, k, e)
	}
	return nil
}

// payUses counts uses of a session. Who hammers when they are spent is put off in that
// session, and not in another one of the same user.
func (g *Gateway) payUses(ctx context.Context, p *Passage, caller *Caller, t toll) error {
	k := t.quota.key(ratelimit.Caller{Collection: sessions, Record: caller.ID})
	if err := g.takeFrom(ctx, p, caller, t.quota, k, unlimited, 1); err != nil {
		return err
	}
	_, err := g.sessions.Count(ctx, caller.ID, t.quota.name, int64(t.n), t.quota.maxUses)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, session.ErrUsedUp):
		p.Flight.stand(t.quota, ratelimit.Balance{})
		return g.refuse(ctx, p, caller, k, apierr.Detailed(apierr.UsesSpent, "A session may do this %d times in all. Sign in anew to go on.", t.quota.maxUses))
	case errors.Is(err, session.ErrGone): // a moment ago
		return signedOut()
	}
	return apierr.From(err)
}

// sessions stands in the place of a collection for a caller that is a session.
const sessions = "session"

// refund takes back what was counted for a request that another limit refused; of
// the session too, if there is a caller.
func (g *Gateway) refund(ctx context.Context, caller *Caller, who ratelimit.Caller, t toll) {
	q := t.quota
	if q == nil || t.n == 0 {
		return
	}
	err := g.limits.Return(ctx, q.key(who), q.limit, t.n)
	if q.maxUses > 0 && caller != nil {
		err = errors.Join(err, g.sessions.Uncount(ctx, caller.ID, q.name, int64(t.n)))
	}
	if err != nil {
		g.log.Warn("what was counted for a refused request stays counted", "limit", q.name, "cause", err)
	}
}

func (q *quota) key(who ratelimit.Caller) ratelimit.Key { return ratelimit.Key{What: q.name, Who: who} }

// refuse answers one too many with e, and puts off who goes on nevertheless; but
// nobody for an address that speaks for others.
func (g *Gateway) refuse(ctx context.Context, p *Passage, caller *Caller, k ratelimit.Key, e *apierr.Error) error {
	g.counts.RequestsLimited.Inc()
	if caller == nil && p.Shared {
		return e
	}
	now := time.Now()
	offence, putOff := g.offenders.Refused(k, now)
	if !putOff {
		return e
	}
	if err := g.limits.PutOff(ctx, offence.Key, offence.Until); err != nil {
		g.log.Error("a caller who keeps asking cannot be put off", "cause", err)
		return e
	}
	g.counts.CallersPutOff.Inc()
	g.log.Warn("a caller keeps asking for what is refused and is put off", "limit", k.What, "caller", g.nameOf(k.Who), "from", p.Client.Addr().String(),
		"refused", offence.Refused, "for", offence.Until.Sub(now).String(), "request", p.ID)
	return apierr.Wait(apierr.PutOff, offence.Until.Sub(now))
}

// nameOf is a caller as the log and the operator read it.
func (g *Gateway) nameOf(who ratelimit.Caller) string {
	if who.Network.IsValid() {
		if who.Network.IsSingleIP() {
			return who.Network.Addr().String()
		}
		return who.Network.String()
	}
	collection := who.Collection // or sessions
	if snap := g.snapshot.Load(); snap != nil {
		if c := snap.Schema.Find(collection); c != nil {
			collection = c.Name
		}
	}
	return collection + "/" + who.Record
}
