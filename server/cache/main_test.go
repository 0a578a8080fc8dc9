package cache

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shelf is a cache before a database that answers what a test says.
type shelf struct {
	*testing.T
	*Cache
	asked  int
	answer func(ctx context.Context) (*Answer, error)
}

func newShelf(t *testing.T) *shelf {
	s := &shelf{T: t, Cache: New()}
	s.Resize(LeastSize)
	s.says(http.StatusOK, "first")
	t.Cleanup(s.Close)
	return s
}

func (s *shelf) says(status int, body string) {
	s.answer = func(context.Context) (*Answer, error) { return &Answer{Status: status, Body: []byte(body)}, nil }
}

var errAway = errors.New("the database is away")

func (s *shelf) isAway() {
	s.answer = func(context.Context) (*Answer, error) { return nil, errAway }
}

// question depends on one record of posts.
func (s *shelf) question(key string) *Question {
	return &Question{Key: []byte(key), On: []Slot{s.Whole("posts"), s.Record("posts", key)}, TTL: time.Minute}
}

func (s *shelf) ask(q *Question) (*Answer, Outcome, error) {
	return s.Read(s.Context(), q, func() Fetch {
		answer := s.answer
		return func(ctx context.Context) (*Answer, error) {
			s.asked++
			return answer(ctx)
		}
	})
}

func (s *shelf) is(q *Question, outcome Outcome, body string) {
	s.Helper()
	a, got, err := s.ask(q)
	if err != nil || got != outcome || string(a.Body) != body {
		s.Errorf("%v %s %v; want %v %s", got, a, err, outcome, body)
	}
}

func (a *Answer) String() string {
	if a == nil {
		return "nothing"
	}
	return http.StatusText(a.Status) + " " + string(a.Body)
}
