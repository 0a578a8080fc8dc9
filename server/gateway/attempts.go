package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/clientip"
	"github.com/hapta/hapta/server/ratelimit"
)

// What does not sign in is counted: for the address that it comes from, for the
// account that it names, and for the two together. The account's count holds only
// who has lately failed with it from where they are: whoever comes with the right
// password to begin with is let in, whatever others do.
var (
	perAddress = ratelimit.Limit{Burst: 20, Every: 3 * time.Second}
	perPlace   = ratelimit.Limit{Burst: 5, Every: 30 * time.Second}
	perAccount = ratelimit.Limit{Burst: 20, Every: 10 * time.Second}
)

// account is what an attempt names, existing or not.
type account struct{ collection, name string }

// counted makes an attempt and counts it, unless it is found right. One that is
// too many is not made.
func (g *Gateway) counted(ctx context.Context, p *Passage, collectionID string, names any, try func(context.Context) (*Response, error), wrong func(*Response) bool) (*Response, error) {
	made := attempt{store: g.limits, now: time.Now()}
	wait, err := made.begin(ctx, p, account{collectionID, strings.ToLower(fmt.Sprint(names))})
	switch {
	case err != nil:
		return nil, apierr.From(err)
	case wait > 0:
		g.counts.SignInsSlowed.Inc()
		p.Flight.forget() // how they stand with another limit is not why
		return nil, apierr.Wait(apierr.TooManyAttempts, wait)
	}
	answer, err := try(ctx)
	if err != nil || !wrong(answer) {
		if err := made.takeBack(ctx); err != nil {
			g.log.Warn("an attempt to sign in that was right stays counted", "cause", err)
		}
	}
	return answer, err
}

// attempt is one that is counted before it is made, so that many at once are no way
// around.
type attempt struct {
	store ratelimit.Store
	now   time.Time
	taken []taken
}

type taken struct {
	key   ratelimit.Key
	limit ratelimit.Limit
}

// begin counts an attempt, or returns how long it has to wait. What refuses it is
// counted for nothing.
func (a *attempt) begin(ctx context.Context, p *Passage, who account) (wait time.Duration, err error) {
	ofAccount := ratelimit.Caller{Collection: who.collection, Record: who.name}
	if p.Shared { // the address speaks for many
		wait, _, err := a.take(ctx, "wrong sign-ins of an account", ofAccount, perAccount)
		return wait, err
	}
	from := clientip.Network(p.Client.Addr(), 56) // what one household has (RFC 6177)
	if wait, _, err = a.take(ctx, "wrong sign-ins from an address", ratelimit.Caller{Network: from}, perAddress); wait > 0 || err != nil {
		return wait, err
	}
	place := ofAccount
	place.Network = from
	wait, busy, err := a.take(ctx, "wrong sign-ins", place, perPlace)
	if wait == 0 && err == nil && busy > 0 {
		if wait, _, err = a.take(ctx, "wrong sign-ins of an account", ofAccount, perAccount); wait > 0 {
			wait = busy
		}
	}
	if wait > 0 || err != nil {
		err = errors.Join(err, a.takeBack(ctx))
	}
	return wait, err
}

// take counts one; busy is for how long the ones before it count.
func (a *attempt) take(ctx context.Context, what string, who ratelimit.Caller, l ratelimit.Limit) (wait, busy time.Duration, err error) {
	k := ratelimit.Key{What: what, Who: who}
	b, err := a.store.Take(ctx, k, l, 1, a.now)
	if err != nil || !b.OK {
		return b.Wait, 0, err
	}
	a.taken = append(a.taken, taken{k, l})
	return 0, b.Full - l.Every, nil
}

func (a *attempt) takeBack(ctx context.Context) (err error) {
	for _, t := range a.taken {
		err = errors.Join(err, a.store.Return(ctx, t.key, t.limit, 1))
	}
	return err
}

// wrongSignIn tells whether a sign-in was wrong. A body that PocketBase cannot read,
// or that lacks what it needs, was none, and a first factor that was right is a 401
// with an mfaId.
func wrongSignIn(answer *Response) bool {
	switch answer.Status {
	case http.StatusBadRequest:
		return !bytes.Contains(answer.Body, []byte(`"message":"An error occurred while `))
	case http.StatusUnauthorized:
		return !bytes.Contains(answer.Body, []byte(`"mfaId"`))
	}
	return answer.Status == http.StatusForbidden
}

// wrongPassword tells whether a change of a password, or of the address that one
// signs in with, was refused for the password of before.
func wrongPassword(answer *Response) bool {
	return answer.Status == http.StatusBadRequest &&
		(bytes.Contains(answer.Body, []byte(`"validation_invalid_old_password"`)) || bytes.Contains(answer.Body, []byte(`"validation_invalid_password"`)))
}
