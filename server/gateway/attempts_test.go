package gateway

import (
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/clientip"
	"github.com/hapta/hapta/server/ratelimit"
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

	for i := range perAddress.Burst {
		w.guess("198.51.100.1", fmt.Sprintf("nobody%d@example.com", i), "guess", false).is(400, "")
	}
	w.guess("198.51.100.1", "b@example.com", password, false).is(429, "too_many_attempts") // whomever it is about
	w.guess("198.51.100.2", "b@example.com", password, false).is(200, "")

	for range perPlace.Burst {
		w.guess("198.51.100.3", ann, "guess", false).is(400, "")
	}
	for _, spelling := range []string{ann, "A@EXAMPLE.com"} {
		w.guess("198.51.100.3", spelling, password, false).is(429, "too_many_attempts")
	}
	w.guess("198.51.100.3", "b@example.com", password, false).is(200, "")
}

// However many guess from wherever, whoever knows the password is let in at once,
// from an address that has not failed with it.
func TestNobodyIsLockedOut(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	const ann = "a@example.com"
	w.account("users", ann, nil)
	guessed, slowed := 0, 0
	for round := range perPlace.Burst {
		for i := range 3 * perAccount.Burst {
			switch a := w.guess(fmt.Sprintf("203.0.113.%d", i), ann, "guess", false); a.status {
			case 400:
				guessed++
			case 429:
				slowed++
			default:
				t.Fatalf("round %d: %d %s", round, a.status, a.body)
			}
		}
		w.guess(fmt.Sprintf("192.0.2.%d", round), ann, password, false).is(200, "")
		w.guess("192.0.2.100", ann, password, false).is(200, "")
	}
	if most := 3*perAccount.Burst + perAccount.Burst + 3; guessed > most || slowed == 0 {
		t.Errorf("%d guesses were taken, %d refused; want %d at most", guessed, slowed, most)
	}
}

// Passwords are asked for in other places as well.
func TestGuessingOnesOwnPasswordIsSlowed(t *testing.T) {
	w := newWorld(t)
	for _, settings := range []Settings{byRules(), alone("users")} {
		w.use(map[string]string{"users": "people"}, settings)
		user, token := w.user(fmt.Sprint("a", len(settings.ByPolicy), "@example.com"), nil)
		change := func(old string) map[string]any {
			return map[string]any{"oldPassword": old, "password": "another password", "passwordConfirm": "another password"}
		}
		for i := range perPlace.Burst {
			w.ask(ask{op: update, collection: "users", id: user.Id, token: token, body: change(fmt.Sprint("guess", i))}).is(400, "")
		}
		w.ask(ask{op: update, collection: "users", id: user.Id, token: token, body: change(password)}).is(429, "too_many_attempts")
	}

	w.use(nil, byRules())
	user, token := w.user("batch@example.com", nil)
	guess := func(old string) answer {
		return w.read(w.Batch(t.Context(), w.passage(ask{token: token, body: map[string]any{"requests": []any{map[string]any{
			"method": "PATCH", "url": "/api/collections/users/records/" + user.Id,
			"body": map[string]any{"oldPassword": old, "password": "another password", "passwordConfirm": "another password"},
		}}}}), false))
	}
	for range perPlace.Burst {
		guess("guess").is(400, "")
	}
	guess(password).is(429, "too_many_attempts")

	changing, err := user.NewEmailChangeToken("eve@example.com")
	if err != nil {
		t.Fatal(err)
	}
	confirm := func(with string) answer {
		p := w.passage(ask{body: map[string]any{"token": changing, "password": with}})
		p.Client = netip.MustParseAddrPort("198.51.100.7:1")
		return w.read(w.Confirm(t.Context(), p, "users", "confirm-email-change"))
	}
	for range perPlace.Burst {
		confirm("guess").is(400, "")
	}
	confirm(password).is(429, "too_many_attempts")
}

// A password that was forgotten is also a remedy against whoever stole a token.
func TestConfirmedChangesEndSessions(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	f := func(email, action string, sent func(*core.Record) map[string]any) {
		t.Helper()
		user, token := w.user(email, nil)
		p := w.passage(ask{body: sent(user)})
		w.read(w.Confirm(t.Context(), p, "users", action)).is(204, "")
		if w.signedIn(token, user.Id) {
			t.Errorf("%s leaves the session", action)
		}
	}
	token := func(token string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	f("reset@example.com", "confirm-password-reset", func(user *core.Record) map[string]any {
		return map[string]any{"token": token(user.NewPasswordResetToken()), "password": "another password", "passwordConfirm": "another password"}
	})
	f("change@example.com", "confirm-email-change", func(user *core.Record) map[string]any {
		return map[string]any{"token": token(user.NewEmailChangeToken("new@example.com")), "password": password}
	})
}

// Who types a password right is not counted, nor is a first factor.
func TestWhatSignsInIsNotCounted(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	w.account("users", "a@example.com", nil)
	w.guess("192.0.2.1", "a@example.com", "mistyped", false).is(400, "")
	for range 2 * perAddress.Burst {
		w.guess("192.0.2.1", "a@example.com", password, false).is(200, "")
	}
	if wrongSignIn(&Response{Status: 401, Body: []byte(`{"mfaId":"x"}`)}) || !wrongSignIn(&Response{Status: 401, Body: []byte(`{}`)}) {
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

// begin makes an attempt at an account.
func begin(t *testing.T, store ratelimit.Store, from byte) time.Duration {
	t.Helper()
	p := &Passage{Client: netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, from}), 1)}
	a := attempt{store: store, now: time.Now()}
	wait, err := a.begin(t.Context(), p, account{"users", "a@example.com"})
	if err != nil {
		t.Error(err)
	}
	return wait
}

// Attempts at the same time are counted before any is answered.
func TestGuessesAtOnce(t *testing.T) {
	store := ratelimit.NewMemory()
	var begun atomic.Int64
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			wait := begin(t, store, 1)
			if wait == 0 {
				begun.Add(1)
			} else if wait > perPlace.Every+time.Second { // each has its own now
				t.Errorf("it is to wait for %v", wait)
			}
		})
	}
	wg.Wait()
	if int(begun.Load()) != perPlace.Burst {
		t.Errorf("%d of %d were let through", begun.Load(), perPlace.Burst)
	}
}

// What is refused is told when it will not be, and is counted for nothing.
func TestRefusedAttemptsSayWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := ratelimit.NewMemory()
		for i := range 3 * perAccount.Burst { // each fails once, and then some again
			if wait := begin(t, store, byte(i%(2*perAccount.Burst))); wait != 0 {
				t.Fatal(wait)
			}
		}
		last := byte(2*perAccount.Burst - 1)
		for range 100 {
			if wait := begin(t, store, last); wait != perPlace.Every {
				t.Fatalf("it is to wait for %v", wait)
			}
		}
		time.Sleep(perPlace.Every)
		if wait := begin(t, store, last); wait != 0 {
			t.Errorf("it waited as long as it was told, and is to wait for %v", wait)
		}
	})
}

func TestAttemptsByNetwork(t *testing.T) {
	f := func(a, b string, same bool) {
		t.Helper()
		if (clientip.Network(netip.MustParseAddr(a), 56) == clientip.Network(netip.MustParseAddr(b), 56)) != same {
			t.Errorf("%s and %s are the same: want %v", a, b, same)
		}
	}
	f("192.0.2.1", "192.0.2.2", false)
	f("192.0.2.1", "192.0.2.1", true)
	f("2001:db8:0:1::1", "2001:db8:0:ff:ffff::2", true)
	f("2001:db8:0:1::1", "2001:db8:0:101::1", false)
	if clientip.Network(netip.Addr{}, 56) != (netip.Prefix{}) {
		t.Error("no address is one")
	}
}
