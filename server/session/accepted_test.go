package session

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func acceptable(token string) Session {
	s := sample()
	s.ID, s.Upstream, s.Accepted, s.Proved = TokenID(token), token, true, time.Now()
	return s
}

func TestTokensAreExchangedOnce(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	token := acceptable("a token")
	for range 2 {
		if !s.Accept(token) || s.Len() != 1 || strings.Contains(token.ID, "token") {
			t.Fatalf("%d are kept, one as %s", s.Len(), token.ID)
		}
	}
	var opened, refused atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			switch _, err := s.Exchange(t.Context(), token, sample()); {
			case err == nil:
				opened.Add(1)
			case errors.Is(err, ErrSpent):
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	if opened.Load() != 1 || refused.Load() != 7 || s.Len() != 1 {
		t.Errorf("%d opened, %d refused, %d are there", opened.Load(), refused.Load(), s.Len())
	}
	for range 2 {
		if s.Accept(token) || !s.Spent(token.ID) || s.Spent(TokenID("another")) {
			t.Error("a spent token is taken again")
		}
		has(t, s, false, token.ID)
		s = reopened(t, s)
	}
	if s.Len() != 1 {
		t.Errorf("%d sessions after a restart", s.Len())
	}
}

// A token that is not exchanged is not written anywhere, and is proved again.
func TestAcceptedTokensAreInMemoryAlone(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	token := acceptable("a token")
	s.Accept(token)
	s.Forget(token.ID)
	has(t, s, false, token.ID)
	s.Accept(token)
	s = reopened(t, s)
	has(t, s, false, token.ID)
}

func TestSuspectedTokensAreProvedAgain(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	token := acceptable("a token")
	s.Accept(token)
	s.Suspect(token.CollectionID, token.RecordID)
	if got, _ := s.Get(token.ID); !got.Proved.IsZero() {
		t.Error("it is still believed")
	}
	other := acceptable("another token") // asked for before, answered after
	other.Proved = time.Now().Add(-time.Minute)
	s.Accept(other)
	if got, ok := s.Get(other.ID); !ok || !got.Proved.IsZero() {
		t.Errorf("an answer from before is believed: %#v", got)
	}
	if err := s.DeleteRecord(t.Context(), token.CollectionID, token.RecordID); err != nil {
		t.Fatal(err)
	}
	has(t, s, false, token.ID, other.ID)
}

func TestAcceptedTokensAreBounded(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	kept := created(t, s, sample())
	first, last := acceptable("first"), acceptable("last")
	s.Accept(first)
	for i := range maxAccepted - 1 {
		s.Accept(acceptable(strings.Repeat("x", i)))
	}
	has(t, s, true, first.ID)
	s.Accept(last)
	has(t, s, false, first.ID)
	has(t, s, true, last.ID, kept.ID)
	if s.Len() != maxAccepted+1 {
		t.Errorf("%d are there", s.Len())
	}
}

func TestSpentTokensAreKeptUntilTheyExpire(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		defer func() { _ = s.Close() }()
		token, session := acceptable("a token"), sample()
		token.Expires, session.Expires = time.Now().Add(time.Hour), time.Now().Add(100*time.Hour)
		if _, err := s.Exchange(t.Context(), token, session); err != nil {
			t.Fatal(err)
		}
		rows := func() (n int) {
			s.writing.Lock()
			defer s.writing.Unlock()
			if err := s.file.db.QueryRow("SELECT count(*) FROM spent").Scan(&n); err != nil {
				t.Error(err)
			}
			return n
		}
		time.Sleep(time.Hour - time.Minute)
		synctest.Wait()
		if !s.Spent(token.ID) || rows() != 1 {
			t.Error("it is forgotten before it expires")
		}
		time.Sleep(2 * sweepEvery)
		synctest.Wait()
		if s.Spent(token.ID) || rows() != 0 {
			t.Errorf("it is kept for ever, in %d rows", rows())
		}
	})
}

// A file of the version before gains the table and keeps its sessions.
func TestOlderFilesAreBroughtForward(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	one := created(t, s, sample())
	if _, err := s.file.db.Exec("DROP TABLE spent; PRAGMA user_version = 1"); err != nil {
		t.Fatal(err)
	}
	s = reopened(t, s)
	has(t, s, true, one.ID)
	if _, err := s.Exchange(t.Context(), acceptable("a token"), sample()); err != nil {
		t.Error(err)
	}
}
