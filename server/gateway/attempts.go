package gateway

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/ratelimit"
)

// What does not sign in is counted for the address that it comes from and for
// the account that it names. Where an account's own user has signed in before
// the account's count does not matter: else anybody could lock them out.
var (
	perAddress = ratelimit.Limit{Burst: 20, Every: 3 * time.Second}
	perAccount = ratelimit.Limit{Burst: 10, Every: 10 * time.Second}
)

// maxAttempts bounds the addresses, the accounts and the places that are kept in
// memory, some 100 bytes each.
const maxAttempts = 65_536

// attempts slow down who guesses.
type attempts struct {
	addresses *ratelimit.Limiter[netip.Prefix]
	accounts  *ratelimit.Limiter[account]

	mu     sync.Mutex
	places map[place]bool
}

// account is what a sign-in names, existing or not: a hash, for it may be long.
type account [sha256.Size]byte

// place is where an account's user has signed in.
type place struct {
	account account
	network netip.Prefix
}

func newAttempts() *attempts {
	return &attempts{
		addresses: ratelimit.New[netip.Prefix](perAddress, maxAttempts),
		accounts:  ratelimit.New[account](perAccount, maxAttempts),
		places:    map[place]bool{},
	}
}

// attempt is one that is counted as failed until it has succeeded.
type attempt struct {
	all     *attempts
	at      place
	shared  bool // the address speaks for many
	counted bool // for the account
}

// begin counts an attempt, or refuses it.
func (a *attempts) begin(p *Passage, collectionID string, names any) (*attempt, error) {
	now := time.Now()
	at := &attempt{all: a, shared: p.Shared, at: place{
		sha256.Sum256(fmt.Appendf(nil, "%s %s", collectionID, strings.ToLower(fmt.Sprint(names)))), network(p.Client.Addr()),
	}}
	if !at.shared {
		if wait, ok := a.addresses.Take(at.at.network, now); !ok {
			return nil, apierr.Wait(apierr.TooManyAttempts, wait)
		}
	}
	if at.counted = at.shared || !a.knows(at.at); !at.counted {
		return at, nil
	}
	if wait, ok := a.accounts.Take(at.at.account, now); !ok {
		if !at.shared {
			a.addresses.Return(at.at.network)
		}
		return nil, apierr.Wait(apierr.TooManyAttempts, wait)
	}
	return at, nil
}

// network is what one person has: an IPv4 address, or a network of IPv6 ones
// (RFC 6177).
func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // the zero one for no address
	return p
}

func (a *attempts) knows(p place) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.places[p]
}

// end takes the attempt back, unless PocketBase said that it was wrong.
func (t *attempt) end(answer *Response, err error) {
	if err == nil && wrong(answer) {
		return
	}
	if !t.shared {
		t.all.addresses.Return(t.at.network)
	}
	if t.counted {
		t.all.accounts.Return(t.at.account)
	}
	if err == nil && answer.Status == http.StatusOK && !t.shared {
		t.all.remember(t.at)
	}
}

// wrong tells whether PocketBase said that a sign-in was wrong. A first factor
// that was right is a 401 with an mfaId.
func wrong(answer *Response) bool {
	switch answer.Status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound:
		return true
	case http.StatusUnauthorized:
		return !strings.Contains(string(answer.Body), `"mfaId"`)
	}
	return false
}

// remember keeps a place, in the place of any other if there are too many.
func (a *attempts) remember(p place) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for other := range a.places {
		if len(a.places) < maxAttempts {
			break
		}
		delete(a.places, other)
	}
	a.places[p] = true
}
