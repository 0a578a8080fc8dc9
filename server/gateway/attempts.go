package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/hapta/hapta/server/apierr"
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

// maxAttempts bounds the addresses, the accounts and the places that are kept in
// memory, some 100 bytes each.
const maxAttempts = 65_536

// attempts slow down who guesses.
type attempts struct {
	addresses *ratelimit.Limiter[netip.Prefix]
	places    *ratelimit.Limiter[place]
	accounts  *ratelimit.Limiter[account]
}

// account is what an attempt names, existing or not: a hash, for it may be long.
type account [sha256.Size]byte

// place is an account as it is tried from one address.
type place struct {
	account account
	network netip.Prefix
}

func newAttempts() *attempts {
	return &attempts{
		addresses: ratelimit.New[netip.Prefix](perAddress, maxAttempts),
		places:    ratelimit.New[place](perPlace, maxAttempts),
		accounts:  ratelimit.New[account](perAccount, maxAttempts),
	}
}

// counted makes an attempt and counts it, unless it is found right. One that is
// too many is not made.
func (g *Gateway) counted(ctx context.Context, p *Passage, collectionID string, names any, try func(context.Context) (*Response, error), wrong func(*Response) bool) (*Response, error) {
	who := account(sha256.Sum256(fmt.Appendf(nil, "%s %s", collectionID, strings.ToLower(fmt.Sprint(names)))))
	back, err := g.attempts.take(p, who)
	if err != nil {
		g.counts.SignInsSlowed.Inc()
		return nil, err
	}
	answer, err := try(ctx)
	if err != nil || !wrong(answer) {
		back()
	}
	return answer, err
}

// take counts an attempt before it is made, so that many at once are no way
// around; back takes it back.
func (a *attempts) take(p *Passage, who account) (back func(), err error) {
	now := time.Now()
	if p.Shared { // the address speaks for many
		wait, ok := a.accounts.Take(who, now)
		return func() { a.accounts.Return(who) }, tooMany(wait, ok)
	}
	at := place{who, network(p.Client.Addr())}
	if wait, ok := a.addresses.Take(at.network, now); !ok {
		return nil, tooMany(wait, ok)
	}
	busy := a.places.Busy(at, now)
	wait, ok := a.places.Take(at, now)
	if !ok {
		a.addresses.Return(at.network)
		return nil, tooMany(wait, ok)
	}
	leave := func() { a.addresses.Return(at.network); a.places.Return(at) }
	if busy == 0 {
		return leave, nil
	}
	if _, ok := a.accounts.Take(who, now); !ok {
		leave()
		return nil, tooMany(busy, ok)
	}
	return func() { leave(); a.accounts.Return(who) }, nil
}

func tooMany(wait time.Duration, ok bool) error {
	if ok {
		return nil
	}
	return apierr.Wait(apierr.TooManyAttempts, wait)
}

// network is what one household has: an IPv4 address, or a network of IPv6 ones
// (RFC 6177).
func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 56
	}
	p, _ := a.Prefix(bits) // the zero one for no address
	return p
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
