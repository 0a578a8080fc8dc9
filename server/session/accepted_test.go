package session

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func acceptable(token string) Session {
	s := sample()
	s.ID, s.Upstream, s.Accepted, s.Proved = TokenID(token), token, true, time.Now()
	return s
}

func accepts(t *testing.T, m *Manager, token Session, want bool) {
	t.Helper()
	if got, err := m.Accept(t.Context(), token); got != want || err != nil {
		t.Errorf("%s is accepted: %v, %v; want %v", token.ID, got, err, want)
	}
}

func TestTokensAreExchangedOnce(t *testing.T) {
	m := open(t)
	token := acceptable("a token")
	for range 2 {
		accepts(t, m, token, true)
		if len(m.memory.live) != 1 || strings.Contains(token.ID, "token") {
			t.Fatalf("%d are kept, one as %s", len(m.memory.live), token.ID)
		}
	}
	var opened, refused atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			switch _, err := m.Exchange(t.Context(), rules, token, sample()); {
			case err == nil:
				opened.Add(1)
			case errors.Is(err, ErrSpent):
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	if opened.Load() != 1 || refused.Load() != 7 || rows(t, m) != 1 {
		t.Errorf("%d opened, %d refused, %d are there", opened.Load(), refused.Load(), rows(t, m))
	}
	for range 2 {
		accepts(t, m, token, false)
		if _, known := m.Accepted(token.ID); known {
			t.Error("a spent token is known")
		}
		m = reopened(t, m)
	}
}

// A token that is not exchanged is not written anywhere, and is proved again.
func TestAcceptedTokensAreInMemoryAlone(t *testing.T) {
	m := open(t)
	token := acceptable("a token")
	accepts(t, m, token, true)
	m.Forget(token.ID)
	has(t, m, false, token.ID)
	accepts(t, m, token, true)
	if err := m.tidy(t.Context(), time.Now()); err != nil || rows(t, m) != 0 {
		t.Errorf("%d are written down: %v", rows(t, m), err)
	}
	m = reopened(t, m)
	has(t, m, false, token.ID)
}

func TestSuspectedTokensAreProvedAgain(t *testing.T) {
	m := open(t)
	token := acceptable("a token")
	accepts(t, m, token, true)
	m.Suspect(token.CollectionID, token.RecordID)
	if got, _ := m.Accepted(token.ID); !got.Proved.IsZero() {
		t.Error("it is still believed")
	}
	other := acceptable("another token") // asked for before, answered after
	other.Proved = time.Now().Add(-time.Minute)
	accepts(t, m, other, true)
	if got, ok := m.Accepted(other.ID); !ok || !got.Proved.IsZero() {
		t.Errorf("an answer from before is believed: %#v", got)
	}
	if _, err := m.EndUser(t.Context(), token.CollectionID, token.RecordID, ""); err != nil {
		t.Fatal(err)
	}
	has(t, m, false, token.ID, other.ID)
}

func TestEndedTokensAreSpent(t *testing.T) {
	m := open(t)
	one, two, others := acceptable("a token"), acceptable("another token"), acceptable("somebody else's")
	others.RecordID = "someone else"
	for _, token := range []Session{one, two, others} {
		accepts(t, m, token, true)
	}
	if err := m.End(t.Context(), one.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := m.EndUser(t.Context(), two.CollectionID, two.RecordID, ""); n != 1 || err != nil {
		t.Fatalf("%d of the user's have ended: %v", n, err)
	}
	for range 2 {
		has(t, m, false, one.ID, two.ID)
		accepts(t, m, one, false)
		accepts(t, m, two, false)
		accepts(t, m, others, true)
		if n := rows(t, m); n != 0 {
			t.Errorf("%d sessions are left of them", n)
		}
		m = reopened(t, m)
	}
}
