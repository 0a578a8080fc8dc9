package httpapi

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/policy/watch"
)

// limit holds lists to n in each period.
func (f *face) limit(n int, every time.Duration) {
	f.use(&watch.Set{}, gateway.Settings{Rates: map[string]gateway.Rate{"list": {Limit: n, Every: every}}})
}

// How they stand with a limit is in the header of every answer, refusals and errors
// included.
func TestLimitsAreTold(t *testing.T) {
	f := newFace(t, nil)
	f.limit(2, 10*time.Minute)
	g := func(path string, status int, code, policy, standing, retry string) {
		t.Helper()
		a := f.ask("GET", path, "", "Origin: https://app.example.com").is(status, code)
		for name, want := range map[string]string{"RateLimit-Policy": policy, "RateLimit": standing, "Retry-After": retry} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s of %s is %q, want %q", name, path, got, want)
			}
		}
	}
	const policy = `"list";q=2;w=600`
	g(notes, 200, "", policy, `"list";r=1;t=300`, "")
	g(notes+"?filter=(", 400, "", policy, `"list";r=0;t=300`, "")
	g(notes, 429, "too_many_requests", policy, `"list";r=0;t=300`, "300")
	g(notes+"/none", 404, "", "", "", "")
	g("/api/hapta/health", 200, "", "", "", "")
}

// Guests behind a proxy that is trusted are limited each by themselves; behind one
// that is not, or does not name them, they are one.
func TestLimitsByAddress(t *testing.T) {
	two := func(f *face, first, second string, status int) {
		f.Helper()
		f.limit(1, time.Hour)
		f.ask("GET", notes, "", "X-Forwarded-For: "+first).is(200, "")
		f.ask("GET", notes, "", "X-Forwarded-For: "+second).is(status, map[int]string{429: "too_many_requests"}[status])
	}
	two(newFace(t, trusting), "203.0.113.1", "203.0.113.2", 200)
	two(newFace(t, trusting), "203.0.113.1", "6.6.6.6, 203.0.113.1", 429)
	two(newFace(t, trusting), "2001:db8::1", "2001:db8::2", 429)
	two(newFace(t, trusting), "unknown", "203.0.113.2", 200)
	two(newFace(t, trusting), "unknown", "", 429)
	two(newFace(t, nil), "203.0.113.1", "203.0.113.2", 429)
}

// Ten thousand callers ask once or twice while a hundred of them ask without end:
// the others get all that they ask for.
func TestAbusersHurtNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("asks for some 20,000 lists")
	}
	const callers, abusers, workers = 10_000, 100, 8
	f := newFace(t, trusting)
	f.limit(10, 24*time.Hour) // none comes back meanwhile
	as := func(w *wire, caller int) int {
		w.send(fmt.Sprintf("GET %s HTTP/1.1\r\nHost: hapta\r\nX-Forwarded-For: 10.1.%d.%d\r\n\r\n", notes, caller/250, caller%250))
		return w.receive("GET").status
	}
	var ended atomic.Bool
	var allowed, refused atomic.Int64
	var abusing, asking sync.WaitGroup
	for caller := range abusers {
		w := f.dial()
		abusing.Go(func() {
			for !ended.Load() {
				if as(w, caller) == http.StatusOK {
					allowed.Add(1)
				} else {
					refused.Add(1)
				}
			}
		})
	}
	for worker := range workers {
		w := f.dial()
		asking.Go(func() {
			for caller := abusers + worker; caller < callers; caller += workers {
				if status := as(w, caller); status != http.StatusOK {
					t.Errorf("caller %d, who asks once, gets %d", caller, status)
					return
				}
			}
		})
	}
	asking.Wait()
	ended.Store(true)
	abusing.Wait()
	if allowed.Load() != abusers*10 || refused.Load() < 4*abusers {
		t.Errorf("the abusers got %d lists and %d refusals", allowed.Load(), refused.Load())
	}
}
