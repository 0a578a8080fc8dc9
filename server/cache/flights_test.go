package cache

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
)

// However many ask the same at once, the database is asked once.
func TestIdenticalMissesShareOneFlight(t *testing.T) {
	kept(t, func(s *shelf) {
		goOn := make(chan struct{})
		s.answer = func(context.Context) (*Answer, error) {
			<-goOn
			return &Answer{Status: http.StatusOK, Body: []byte("first")}, nil
		}
		var all sync.WaitGroup
		for range 10_000 {
			all.Go(func() { s.is(s.question("a"), Miss, "first") })
		}
		synctest.Wait()
		close(goOn)
		all.Wait()
		if s.asked != 1 {
			t.Errorf("the database was asked %d times", s.asked)
		}
	})
}

// A question goes on while somebody waits for its answer, whoever asked first, and no
// longer.
func TestAQuestionIsGivenUpWithItsLast(t *testing.T) {
	kept(t, func(s *shelf) {
		var why error
		s.answer = func(ctx context.Context) (*Answer, error) {
			<-ctx.Done()
			why = context.Cause(ctx)
			return nil, why
		}
		errGone := errors.New("the client has gone")
		wait := func() (leave func()) {
			ctx, cancel := context.WithCancelCause(s.Context())
			answer := s.answer
			go func() {
				_, _, err := s.Read(ctx, s.question("a"), func() Fetch { return answer })
				if !errors.Is(err, errGone) {
					t.Errorf("it is told %v", err)
				}
			}()
			synctest.Wait()
			return func() { cancel(errGone); synctest.Wait() }
		}
		first, second := wait(), wait()
		first()
		if why != nil {
			t.Fatal("it was given up with the first")
		}
		third := wait()
		second()
		third()
		if why == nil {
			t.Fatal("it goes on")
		}
		s.says(http.StatusOK, "new")
		s.is(s.question("a"), Miss, "new")
	})
}

func TestCloseEndsWhatIsAsked(t *testing.T) {
	kept(t, func(s *shelf) {
		s.answer = func(ctx context.Context) (*Answer, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		go func() {
			if _, _, err := s.ask(s.question("a")); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}()
		synctest.Wait()
		s.Close()
	})
}

// Who looks for what is kept just before it is, and for a flight just after that has
// landed, asks nothing.
func TestLandedFlightsAreNotRepeated(t *testing.T) {
	kept(t, func(s *shelf) {
		q := s.question("a")
		prepared := func() Fetch { // which is between the two
			s.is(s.question("a"), Miss, "first")
			return func(context.Context) (*Answer, error) {
				t.Error("the database is asked again")
				return nil, errAway
			}
		}
		if a, outcome, err := s.Read(s.Context(), q, prepared); err != nil || outcome != Hit || string(a.Body) != "first" {
			t.Errorf("%v %s %v", outcome, a, err)
		}
	})
}
