package gateway

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/hapta/hapta/server/apierr"
)

// guess signs in from an address.
func (w *world) guess(from, identity, with string, shared bool) answer {
	w.Helper()
	p := w.passage(ask{body: map[string]any{"identity": identity, "password": with}})
	p.Client, p.Shared = netip.AddrPortFrom(netip.MustParseAddr(from), 1), shared
	return w.read(w.SignIn(w.Context(), p, "users", "auth-with-password"))
}

func TestGuessingIsSlowed(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	const ann = "a@example.com"
	w.account("users", ann, nil)
	w.account("users", "b@example.com", nil)

	w.guess("192.0.2.1", ann, password, false).is(200, "") // where she lives
	for i := range perAddress.Burst {
		w.guess("198.51.100.1", fmt.Sprintf("nobody%d@example.com", i), "guess", false).is(400, "")
	}
	w.guess("198.51.100.1", "b@example.com", password, false).is(429, "too_many_attempts") // whomever it is about
	w.guess("198.51.100.2", "b@example.com", password, false).is(200, "")

	for i := range perAccount.Burst {
		w.guess(fmt.Sprintf("203.0.113.%d", i), ann, "guess", false).is(400, "")
	}
	for _, spelling := range []string{ann, "A@EXAMPLE.com"} {
		w.guess("203.0.113.99", spelling, password, false).is(429, "too_many_attempts")
	}
	for range 3 * perAccount.Burst {
		w.guess("192.0.2.1", ann, password, false).is(200, "") // she is not locked out
	}
	w.guess("192.0.2.1", "b@example.com", password, false).is(200, "")
}

// Who types a password right is not counted, nor is a first factor.
func TestWhatSignsInIsNotCounted(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	w.account("users", "a@example.com", nil)
	for i := range 2 * perAddress.Burst {
		w.guess("192.0.2.1", "a@example.com", password, false).is(200, "")
		w.guess(fmt.Sprintf("192.0.2.%d", i), "a@example.com", password, false).is(200, "")
	}
	if wrong(&Response{Status: 401, Body: []byte(`{"mfaId":"x"}`)}) || !wrong(&Response{Status: 401, Body: []byte(`{}`)}) {
		t.Error("a first factor is taken for wrong, or what is wrong for one")
	}
}

// An address that speaks for many is not held to what one person may do.
func TestSharedAddressesAreNotPunished(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	w.account("users", "a@example.com", nil)
	for i := range 2 * perAddress.Burst {
		w.guess("10.0.0.1", fmt.Sprintf("nobody%d@example.com", i), "guess", true).is(400, "")
	}
	w.guess("10.0.0.1", "a@example.com", password, true).is(200, "")
	for range perAccount.Burst { // of one account they are counted
		w.guess("10.0.0.1", "a@example.com", "guess", true).is(400, "")
	}
	w.guess("10.0.0.1", "a@example.com", password, true).is(429, "too_many_attempts")
}

// Attempts at the same time are counted before any is answered.
func TestGuessesAtOnce(t *testing.T) {
	a := newAttempts()
	p := &Passage{Client: netip.MustParseAddrPort("192.0.2.1:1")}
	var mu sync.Mutex
	begun := 0
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			_, err := a.begin(p, "users", fmt.Sprint(i))
			var e *apierr.Error
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				begun++
			} else if !errors.As(err, &e) || e.Status != 429 || e.Wait <= 0 || e.Wait > perAddress.Every {
				t.Errorf("refused as %v", err)
			}
		})
	}
	wg.Wait()
	if begun != perAddress.Burst {
		t.Errorf("%d of %d were let through", begun, perAddress.Burst)
	}
}

func TestAttemptsByNetwork(t *testing.T) {
	f := func(a, b string, same bool) {
		t.Helper()
		if (network(netip.MustParseAddr(a)) == network(netip.MustParseAddr(b))) != same {
			t.Errorf("%s and %s are the same: want %v", a, b, same)
		}
	}
	f("192.0.2.1", "192.0.2.2", false)
	f("192.0.2.1", "192.0.2.1", true)
	f("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)
	f("2001:db8:0:1::1", "2001:db8:0:2::1", false)
	if network(netip.Addr{}) != (netip.Prefix{}) {
		t.Error("no address is one")
	}
}

func TestPlacesAreBounded(t *testing.T) {
	a := newAttempts()
	for i := range maxAttempts + 100 {
		a.remember(place{network: netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}), 32)})
	}
	if len(a.places) != maxAttempts {
		t.Errorf("%d are kept", len(a.places))
	}
}

// time passes, and one more is let through.
func TestRefusedAttemptsSayWhen(t *testing.T) {
	a := newAttempts()
	p := &Passage{Client: netip.MustParseAddrPort("192.0.2.1:1"), Shared: true}
	for range perAccount.Burst {
		if _, err := a.begin(p, "users", "ann"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := a.begin(p, "users", "ann")
	var e *apierr.Error
	if !errors.As(err, &e) || e.Wait <= perAccount.Every-time.Second || e.Wait > perAccount.Every {
		t.Errorf("refused as %#v", err)
	}
}
