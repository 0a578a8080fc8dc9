package httpapi

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/hapta/hapta/server/clientip"
)

const notes = "/api/collections/notes/records"

// trusting believes this machine, from which the tests connect.
func trusting(o *Options) {
	o.Proxies = clientip.Proxies{netip.MustParsePrefix("127.0.0.1/32")}
}

// comesFrom asserts whom PocketBase took all that f sends to come from.
func comesFrom(t *testing.T, address string, superuser bool, f func()) {
	t.Helper()
	all := arrivedAt(f)
	if len(all) == 0 {
		t.Fatal("nothing reached PocketBase")
	}
	for _, a := range all {
		if a.address != address || a.superuser != superuser {
			t.Errorf("%s comes from %s, superuser %t; want %s, %t", a.method, a.address, a.superuser, address, superuser)
		}
	}
}

// claims are headers by which a client may try to be another.
var claims = []string{
	"X-Forwarded-For: 6.6.6.6", "x-forwarded-for: 6.6.6.6", "X_Forwarded_For: 6.6.6.6", "X.Forwarded.For: 6.6.6.6", "X--Forwarded-For: 6.6.6.6",
	"X-Real-IP: 6.6.6.6", "Forwarded: for=6.6.6.6", "CF-Connecting-IP: 6.6.6.6", "True-Client-IP: 6.6.6.6", "Fly-Client-IP: 6.6.6.6",
}

func TestClientsAddressReachesPocketBase(t *testing.T) {
	const inBatch = `{"requests":[{"method":"POST","url":"/api/collections/notes/records","headers":{"X-Forwarded-For":"6.6.6.6"},"body":{"title":"x"}}]}`
	beforeEach(t, nil, func(f *face) {
		for _, claim := range claims {
			comesFrom(f.T, "127.0.0.1", false, func() { f.ask("GET", notes, "", claim).is(200, "") })
		}
		comesFrom(f.T, "127.0.0.1", false, func() { f.ask("POST", "/api/batch", inBatch, claims...).is(200, "") })
	})
	const proxied = "X-Forwarded-For: 6.6.6.6, 203.0.113.9"
	beforeEach(t, trusting, func(f *face) {
		g := func(want string, headers ...string) {
			f.Helper()
			comesFrom(f.T, want, false, func() { f.ask("GET", notes, "", headers...).is(200, "") })
		}
		g("127.0.0.1")
		g("203.0.113.9", proxied)
		g("203.0.113.9", "X-Forwarded-For: 6.6.6.6", "x-forwarded-for: 203.0.113.9", "X-Forwarded-For: 127.0.0.1")
		g("2001:0db8:0000:0000:0000:0000:0000:0001", "X-Forwarded-For: [2001:db8::1]:80")
		g("127.0.0.1", "X-Forwarded-For: 6.6.6.6, unknown")
		for _, claim := range claims[2:] {
			g("203.0.113.9", "X-Forwarded-For: 203.0.113.9", claim)
		}
		comesFrom(f.T, "203.0.113.9", false, func() { f.ask("POST", "/api/batch", inBatch, proxied).is(200, "") })
		comesFrom(f.T, "203.0.113.9", false, func() {
			f.ask("POST", "/api/collections/users/auth-with-password", `{"identity":"a@example.com","password":"a password"}`, proxied).is(200, "")
		})
	})
}

// Calls as superuser come from Hapta, for PocketBase may let superusers in from
// few addresses only; the policy knows the client's.
func TestSuperuserComesFromHapta(t *testing.T) {
	beforeEach(t, trusting, func(f *face) {
		f.usePolicy(true)
		comesFrom(f.T, "127.0.0.1", true, func() {
			f.ask("POST", notes, `{"title":"x"}`, "X-Forwarded-For: 203.0.113.9").is(200, "")
			f.ask("GET", notes, "", "X-Forwarded-For: 203.0.113.9").is(200, "")
		})
		told := func(want string, headers ...string) {
			f.Helper()
			a := f.ask("POST", notes+"?do=create:tell", `{"title":"x"}`, append(headers, "User-Agent: test")...).is(403, "told_to")
			if !strings.Contains(a.body, " "+want+" test") {
				f.Errorf("the policy is told of another address: %s; want %s", a.body, want)
			}
		}
		told("127.0.0.1")
		told("203.0.113.9", "X-Forwarded-For: 6.6.6.6, [::ffff:203.0.113.9]:80")
	})
}

// PocketBase's own limits count each client for itself, and nobody escapes
// theirs by claiming to be another.
func TestPocketBaseLimitsEachClient(t *testing.T) {
	network := 112 // PocketBase counts on from one test to the next
	beforeEach(t, trusting, func(f *face) {
		network++
		one, other := fmt.Sprintf("203.0.%d.9", network), fmt.Sprintf("203.0.%d.10", network)
		g := func(status int, forwardedFor string) {
			f.Helper()
			f.ask("GET", "/api/collections/limited/records", "", "X-Forwarded-For: "+forwardedFor).is(status, "")
		}
		g(200, one)
		g(429, one)
		g(429, "6.6.6.6, "+one)
		g(429, one+":4711")
		g(429, "::ffff:"+one+", 127.0.0.1")
		g(200, other)
		g(429, one+", "+other)
	})
}
