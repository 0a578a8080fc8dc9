package gateway

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/hapta/hapta/server/apierr"
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
	return ratelimit.Caller{Network: network(p.Client.Addr(), 64)}
}

// network is the one that an address of IPv6 lies in, or an address of IPv4.
func network(a netip.Addr, bits int) netip.Prefix {
	if a.Is4() {
		bits = 32
	}
	n, _ := a.Prefix(bits) // the zero one for no address
	return n
}

func (g *Gateway) pay(ctx context.Context, p *Passage, caller *Caller, who ratelimit.Caller, t toll) error {
	q := t.quota
	if q == nil || t.n == 0 {
		return nil
	}
	if t.n > q.limit.Burst {
		return apierr.Detailed(apierr.BatchOverLimit, "%s So many as are in this batch never fit; send them in several.", q.told)
	}
	b, err := g.limits.Take(ctx, q.key(who), q.limit, t.n, time.Now())
	if err != nil {
		return apierr.From(err)
	}
	p.Flight.stand(q, b)
	switch {
	case b.PutOff:
		return g.refuse(ctx, p, caller, who, q, apierr.Wait(apierr.PutOff, b.Wait))
	case !b.OK:
		e := apierr.Wait(apierr.TooManyRequests, b.Wait)
		e.Detail = q.told
		return g.refuse(ctx, p, caller, who, q, e)
	case q.maxUses == 0 || caller == nil:
		return nil
	}
	_, err = g.sessions.Count(ctx, caller.ID, q.name, int64(t.n), q.maxUses)
	if err == nil {
		return nil
	}
	g.refund(ctx, nil, who, t)
	switch {
	case errors.Is(err, session.ErrUsedUp):
		p.Flight.stand(q, ratelimit.Balance{})
		e := apierr.Detailed(apierr.UsesSpent, "A session may do this %d times in all. Sign in anew to go on.", q.maxUses)
		return g.refuse(ctx, p, caller, who, q, e)
	case errors.Is(err, session.ErrGone): // a moment ago
		return signedOut()
	}
	return apierr.From(err)
}

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
func (g *Gateway) refuse(ctx context.Context, p *Passage, caller *Caller, who ratelimit.Caller, q *quota, e *apierr.Error) error {
	g.counts.RequestsLimited.Inc()
	if caller == nil && p.Shared {
		return e
	}
	now := time.Now()
	offence, putOff := g.offenders.Refused(q.key(who), now)
	if !putOff {
		return e
	}
	if err := g.limits.PutOff(ctx, offence.Key, offence.Until); err != nil {
		g.log.Error("a caller who keeps asking cannot be put off", "cause", err)
		return e
	}
	g.counts.CallersPutOff.Inc()
	g.log.Warn("a caller keeps asking for what is refused and is put off", "limit", q.name, "caller", g.nameOf(who), "from", p.Client.Addr().String(),
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
	collection := who.Collection
	if snap := g.snapshot.Load(); snap != nil {
		if c := snap.Schema.Find(collection); c != nil {
			collection = c.Name
		}
	}
	return collection + "/" + who.Record
}
