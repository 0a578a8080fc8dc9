package cache

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// kept runs a test on a clock of its own.
func kept(t *testing.T, test func(s *shelf)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(newShelf(t)) })
}

func TestAnswersAreKeptForTheirTTL(t *testing.T) {
	kept(t, func(s *shelf) {
		q := s.question("a")
		s.is(q, Miss, "first")
		s.says(http.StatusOK, "second")
		time.Sleep(q.TTL / 2)
		s.is(q, Hit, "first")
		s.is(s.question("b"), Miss, "second")
		time.Sleep(q.TTL/2 + 1)
		s.is(q, Miss, "second")
		shorter := s.question("a") // the settings may be others by now
		shorter.TTL = time.Second
		time.Sleep(time.Second + 1)
		s.says(http.StatusOK, "third")
		s.is(shorter, Miss, "third")
	})
}

func TestWhatChangesIsDropped(t *testing.T) {
	kept(t, func(s *shelf) {
		q, list := s.question("a"), s.question("list")
		list.On = []Slot{s.Rows("posts")}
		both := func(outcome Outcome) {
			t.Helper()
			s.is(q, outcome, "first")
			s.is(list, Miss, "first") // each change is one of the rows
			s.is(list, Hit, "first")
		}
		both(Miss)
		s.TouchRecord("posts", "b")
		both(Hit)
		s.TouchRecord("posts", "a")
		both(Miss)
		s.TouchCollection("posts")
		both(Miss)
		s.TouchAll()
		both(Miss)
		s.TouchCollection("users")
		s.TouchRecord("users", "a")
		s.is(q, Hit, "first")
		s.is(list, Hit, "first")
	})
}

// Who asked before a change may be answered from before it, but nobody else is.
func TestAnOldAnswerIsNeverPutBack(t *testing.T) {
	kept(t, func(s *shelf) {
		q, goOn := s.question("a"), make(chan struct{})
		s.answer = func(context.Context) (*Answer, error) {
			<-goOn
			return &Answer{Status: http.StatusOK, Body: []byte("old")}, nil
		}
		go s.is(q, Miss, "old")
		synctest.Wait()
		s.TouchRecord("posts", "a")
		s.says(http.StatusOK, "new")
		s.is(q, Miss, "new") // and does not wait for the other
		close(goOn)
		synctest.Wait()
		s.is(q, Hit, "new")
	})
}

func TestOnlyWholeAnswersAreKept(t *testing.T) {
	kept(t, func(s *shelf) {
		for _, status := range []int{204, 301, 400, 401, 403, 500, 503} {
			s.says(status, "x")
			s.is(s.question("a"), Miss, "x")
			s.is(s.question("a"), Miss, "x")
		}
		s.says(http.StatusNotFound, "x")
		s.is(s.question("a"), Miss, "x")
		s.is(s.question("a"), Hit, "x")
		time.Sleep(maxMissingTTL + 1)
		s.is(s.question("a"), Miss, "x")
		s.TouchRecord("posts", "a")
		s.says(http.StatusOK, "created")
		s.is(s.question("a"), Miss, "created")
	})
}

func TestPersonalAnswersAreNobodyElses(t *testing.T) {
	kept(t, func(s *shelf) {
		f := func(status int, name, value string, personal bool) {
			t.Helper()
			s.answer = func(context.Context) (*Answer, error) {
				return &Answer{Status: status, Header: http.Header{name: {value}}}, nil
			}
			s.TouchAll()
			for range 2 {
				if _, _, err := s.ask(s.question("a")); errors.Is(err, ErrPersonal) != personal || !personal && err != nil {
					t.Errorf("%d %s: %s: %v", status, name, value, err)
				}
			}
		}
		f(200, "Set-Cookie", "a=b", true)
		f(200, "Cache-Control", "max-age=3, Private", true)
		f(200, "Cache-Control", "no-store", true)
		f(200, "Cache-Control", `private="x"`, true)
		f(200, "Vary", "Origin, Accept-Language", true)
		f(200, "Vary", "*", true)
		f(429, "Retry-After", "3", true) // of the address that asks for all
		f(200, "Vary", "Origin, accept-encoding", false)
		f(200, "Cache-Control", "max-age=3, public", false)
		f(200, "X-Custom", "a", false)
	})
}

func TestStaleAnswersStandIn(t *testing.T) {
	kept(t, func(s *shelf) {
		q := s.question("a")
		q.Stale = time.Minute
		s.is(q, Miss, "first")
		s.isAway()
		time.Sleep(q.TTL)
		s.is(q, Hit, "first")
		time.Sleep(time.Nanosecond)
		s.is(q, Stale, "first")
		s.says(http.StatusBadGateway, "x")
		time.Sleep(failingFor)
		s.is(q, Stale, "first")
		s.says(http.StatusBadRequest, "x")
		time.Sleep(failingFor)
		s.is(q, Miss, "x") // which is an answer
		s.isAway()
		time.Sleep(q.Stale - 2*failingFor - time.Nanosecond)
		s.is(q, Stale, "first")
		time.Sleep(time.Nanosecond)
		s.fails(q)
	})
}

func (s *shelf) fails(q *Question) {
	s.Helper()
	if a, outcome, err := s.ask(q); !errors.Is(err, errAway) {
		s.Errorf("%v %s %v", outcome, a, err)
	}
}

// Where something can stand in, nobody waits for long for a database that hangs, nor at
// all for a while after; and it is asked on meanwhile.
func TestNobodyWaitsForADatabaseThatHangs(t *testing.T) {
	kept(t, func(s *shelf) {
		q := s.question("a")
		q.Stale = time.Hour
		s.is(q, Miss, "first")
		s.answer = func(ctx context.Context) (*Answer, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		time.Sleep(q.TTL + 1)
		waits := func(long time.Duration) {
			t.Helper()
			began := time.Now()
			if s.is(q, Stale, "first"); time.Since(began) != long {
				t.Errorf("it takes %s; want %s", time.Since(began), long)
			}
		}
		waits(staleAfter)
		waits(0)
		waits(0)
		time.Sleep(failingFor)
		waits(staleAfter)
		s.says(http.StatusOK, "second")
		time.Sleep(renewBound) // what was asked in the background is given up
		s.is(q, Miss, "second")
		s.is(q, Hit, "second")
	})
}

// What is known to have changed stands in for nothing, not even if that becomes known
// while the database is asked.
func TestOutdatedAnswersDoNotStandIn(t *testing.T) {
	kept(t, func(s *shelf) {
		q := s.question("a")
		q.Stale = time.Hour
		s.is(q, Miss, "first")
		s.isAway()
		s.TouchRecord("posts", "a")
		s.fails(q)
		s.says(http.StatusOK, "second")
		s.is(q, Miss, "second")
		time.Sleep(q.TTL + failingFor)
		s.answer = func(context.Context) (*Answer, error) {
			s.TouchRecord("posts", "a")
			return nil, errAway
		}
		s.fails(q)
	})
}

// What is asked for near its end is renewed before anybody waits for it.
func TestHotAnswersAreRenewed(t *testing.T) {
	kept(t, func(s *shelf) {
		q := s.question("a")
		s.is(q, Miss, "first")
		goOn := make(chan struct{})
		s.answer = func(context.Context) (*Answer, error) {
			<-goOn
			return &Answer{Status: http.StatusOK, Body: []byte("second")}, nil
		}
		time.Sleep(q.TTL*3/4 + 1)
		for range 100 {
			s.is(q, Hit, "first")
			synctest.Wait()
		}
		if s.asked != 2 {
			t.Errorf("the database was asked %d times", s.asked)
		}
		close(goOn)
		synctest.Wait()
		s.is(q, Hit, "second")
		time.Sleep(q.TTL / 2)
		s.is(q, Hit, "second")
	})
}

// A renewal that fails takes nothing away; nor does one that takes too long go on.
func TestRenewalsEnd(t *testing.T) {
	kept(t, func(s *shelf) {
		q := s.question("a")
		q.TTL = time.Hour
		s.is(q, Miss, "first")
		time.Sleep(q.TTL*3/4 + 1)
		s.isAway()
		s.is(q, Hit, "first")
		synctest.Wait()
		ended := false
		s.answer = func(ctx context.Context) (*Answer, error) {
			<-ctx.Done()
			ended = true
			return nil, ctx.Err()
		}
		s.is(q, Hit, "first")
		time.Sleep(renewBound + 1)
		synctest.Wait()
		if !ended {
			t.Error("it goes on")
		}
		s.says(http.StatusOK, "second")
		s.is(q, Hit, "first")
		synctest.Wait()
		s.is(q, Hit, "second")
	})
}

func TestWithoutASizeNothingIsKept(t *testing.T) {
	kept(t, func(s *shelf) {
		s.is(s.question("a"), Miss, "first")
		s.Resize(0)
		if s.Keeps() {
			t.Error("it keeps something")
		}
		s.is(s.question("a"), Miss, "first")
		s.Resize(LeastSize)
		s.is(s.question("a"), Miss, "first")
		s.Resize(LeastSize) // the same
		s.is(s.question("a"), Hit, "first")
	})
}

func TestTooLargeAnswersAreCounted(t *testing.T) {
	kept(t, func(s *shelf) {
		s.says(http.StatusOK, strings.Repeat("x", LeastSize))
		for range 2 {
			if a, outcome, err := s.ask(s.question("a")); err != nil || outcome != Miss || len(a.Body) != LeastSize {
				t.Errorf("%v %v", outcome, err)
			}
		}
		if n := s.State().Refused; n != 2 {
			t.Errorf("%d were refused", n)
		}
	})
}
