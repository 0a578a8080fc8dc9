package session

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// roll refreshes as a client with a token of that generation does.
func roll(t testing.TB, m *Manager, id string, generation int64) string {
	t.Helper()
	token, err := m.Refresh(t.Context(), rules, id, generation, Renewal{Upstream: "fresh", Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// client holds a token and uses it.
type client struct {
	*testing.T
	*Manager
	rules Rules
	token string
}

// lived runs f with a client who has just signed in, in a time of its own.
func lived(t *testing.T, f func(t *testing.T, c *client)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sessions.db")
	synctest.Test(t, func(t *testing.T) {
		m := opened(t, path)
		defer func() { _ = m.Close() }()
		f(t, &client{t, m, rules, minted(t, m, created(t, m, sample()))})
	})
}

// with is another who holds that token.
func (c *client) with(token string) *client { return &client{c.T, c.Manager, c.rules, token} }

// uses makes a request, which has to be answered so.
func (c *client) uses(want error) Session {
	c.Helper()
	s, _, err := c.Identify(c.Context(), c.rules, c.token)
	if !errors.Is(err, want) {
		c.Fatalf("%v; want %v", err, want)
	}
	return s
}

// asks refreshes and loses the answer; refreshes keeps it.
func (c *client) asks() string {
	c.Helper()
	s, generation, err := c.Identify(c.Context(), c.rules, c.token)
	if err != nil {
		c.Fatal(err)
	}
	token, err := c.Refresh(c.Context(), c.rules, s.ID, generation, Renewal{Upstream: "fresh", Expires: time.Now().Add(time.Hour)})
	if err != nil {
		c.Fatal(err)
	}
	return token
}

func (c *client) refreshes() { c.token = c.asks() }

func TestRefreshRollsTheKey(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		first := c.token
		device := Renewal{Upstream: "next", Expires: time.Now().Add(2 * time.Hour), Device: "Opera", Address: "::1"}
		before := c.uses(nil)
		token, err := c.Refresh(t.Context(), rules, before.ID, 0, device)
		if err != nil || token == first {
			t.Fatalf("the token is %s: %v", token, err)
		}
		c.token = token
		s := c.uses(nil)
		if s.Generation != 1 || s.Upstream != "next" || s.Device != "Opera" || s.Address != "::1" || !s.Expires.Equal(device.Expires) {
			t.Errorf("the session is %#v", s)
		}
		stored, err := c.store.Load(t.Context(), s.ID)
		if err != nil || stored.Generation != 1 || stored.Upstream != "next" || stored.Address != "::1" {
			t.Errorf("it is stored as %#v: %v", stored, err)
		}
		c.with(first).uses(nil) // until the next has arrived
		time.Sleep(rules.Grace + time.Second)
		c.uses(nil)
		c.with(first).uses(ErrStolen)
		c.uses(ErrGone)
	})
}

func TestRefreshOfWhatEnded(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		s := c.uses(nil)
		if err := c.End(t.Context(), s.ID); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{s.ID, "", "none"} {
			if _, err := c.Refresh(t.Context(), rules, id, 0, Renewal{}); !errors.Is(err, ErrGone) {
				t.Errorf("refreshing %q: %v, want ErrGone", id, err)
			}
		}
	})
}

// What happens to honest clients.

func TestTwoTabsRefreshAtOnce(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		one, two := c.with(c.token), c.with(c.token)
		for range 20 {
			time.Sleep(time.Minute)
			a, b := one.asks(), two.asks()
			one.token, two.token = b, b // they share a store, and one answer comes last
			if a != b {
				t.Fatal("they hold different tokens")
			}
			time.Sleep(time.Minute)
			one.uses(nil)
			two.uses(nil)
		}
		if s := one.uses(nil); s.Generation != 20 {
			t.Errorf("it was rolled %d times", s.Generation)
		}
	})
}

// A page aborted while its server refreshed, several times in a row, seconds or
// minutes apart: the browser has the cookie from before.
func TestLostAnswers(t *testing.T) {
	for _, apart := range []time.Duration{time.Second, rules.Grace, 5 * time.Minute} {
		lived(t, func(t *testing.T, c *client) {
			for range 5 {
				for range 4 {
					server := c.with(c.asks()) // renders the page with the new token, as what it does on behalf of the browser
					server.uses(nil)
					time.Sleep(apart)
				}
				c.refreshes()
				time.Sleep(apart)
				c.uses(nil)
			}
		})
	}
}

// An app that died between refresh and save comes back with what it had saved.
func TestDiedBeforeItSaved(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		running := c.with(c.asks())
		running.uses(nil)
		time.Sleep(rules.Grace - 2*time.Second)
		running.uses(nil)
		time.Sleep(20 * time.Minute)
		c.refreshes()
		c.uses(nil)
		time.Sleep(time.Minute)
		c.uses(nil)
	})
}

func TestRotateAfter(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		c.rules.RotateAfter = time.Minute
		c.refreshes() // the first refresh rolls
		c.refreshes()
		time.Sleep(59 * time.Second)
		c.refreshes()
		if s := c.uses(nil); s.Generation != 1 {
			t.Errorf("rolled %d times within a minute", s.Generation)
		}
		time.Sleep(time.Second)
		c.refreshes()
		if s := c.uses(nil); s.Generation != 2 {
			t.Errorf("rolled %d times after a minute", s.Generation)
		}
	})
}

func TestManyRefreshesAtOnceLeaveOneLineage(t *testing.T) {
	m := open(t)
	s := created(t, m, sample())
	c := &client{t, m, rules, minted(t, m, s)}
	tokens := make([]string, 1000)
	var wg sync.WaitGroup
	for i := range tokens {
		wg.Go(func() { tokens[i] = roll(t, m, s.ID, 0) })
	}
	wg.Wait()
	for _, token := range tokens {
		if s := c.with(token).uses(nil); s.Generation != 1 {
			t.Fatalf("rolled %d times", s.Generation)
		}
	}
	if s := c.uses(nil); s.Confirmed != 0 {
		t.Errorf("%d is confirmed", s.Confirmed)
	}
}

// What happens to thieves: one who holds a copy is found once both have moved.

func TestThiefRefreshesFirst(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		thief := c.with(c.token)
		for range 5 { // however often
			thief.refreshes()
			time.Sleep(time.Minute)
			thief.uses(nil)
		}
		_, _, err := c.Identify(t.Context(), rules, c.token)
		if !errors.Is(err, ErrStolen) {
			t.Errorf("the owner comes back: %v", err)
		}
		thief.uses(ErrGone)
	})
}

func TestOwnerRefreshesFirst(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		thief := c.with(c.token)
		c.refreshes()
		time.Sleep(time.Minute)
		c.uses(nil)
		thief.uses(ErrStolen)
		c.uses(ErrGone)
	})
}

func TestThiefOfAnAnswer(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		c.refreshes()
		thief := c.with(c.token) // both hold the newest
		thief.refreshes()
		time.Sleep(rules.Grace + time.Second)
		c.uses(nil) // of the generation before, which lives as long as the thief's has not been used
		thief.uses(nil)
		c.uses(ErrStolen)
		thief.uses(ErrGone)
	})
}

func TestTheftIsLoggedWithoutSecrets(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		log := &lines{}
		c.log = log.logger()
		old := c.with(c.token)
		c.refreshes()
		time.Sleep(time.Minute)
		s := c.uses(nil)
		old.uses(ErrStolen)
		if n := c.counts.SessionsStolen.Get(); n != 1 || c.counts.SessionsEnded.Get() != 1 {
			t.Errorf("%d thefts are counted", n)
		}
		text := log.String()
		if !strings.Contains(text, "one of the two was stolen") || !strings.Contains(text, s.ID) || !strings.Contains(text, s.RecordID) {
			t.Errorf("the log says %s", text)
		}
		for _, secret := range []string{c.token, old.token, s.Upstream} {
			if strings.Contains(text, secret) {
				t.Errorf("the log tells %s", secret)
			}
		}
	})
}
