package logqueue

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stuck is a log that takes a line only when it is let.
type stuck struct {
	free chan struct{}
	mu   sync.Mutex
	bytes.Buffer
}

func (s *stuck) Write(p []byte) (int, error) {
	<-s.free
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(p)
}

func (s *stuck) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Split(strings.TrimSpace(s.String()), "\n")
}

func TestLinesAreWrittenInOrder(t *testing.T) {
	w := &stuck{free: make(chan struct{})}
	close(w.free)
	q := New(slog.NewTextHandler(w, nil))
	log := slog.New(q.Handler()).With("request", "r1").WithGroup("g")
	for n := range 100 {
		log.Info("line", "n", n)
	}
	q.Close(t.Context())
	log.Info("after the end", "n", 100)
	lines := w.lines()
	if len(lines) != 101 || !strings.HasSuffix(lines[7], `msg=line request=r1 g.n=7`) || !strings.Contains(lines[100], "after the end") {
		t.Errorf("%d lines, the eighth %q, the last %q", len(lines), lines[7], lines[len(lines)-1])
	}
}

func TestALogThatIsStuckHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &stuck{free: make(chan struct{})}
		q := New(slog.NewTextHandler(w, nil))
		log := slog.New(q.Handler())
		const more = 10
		log.Info("the one that is stuck")
		synctest.Wait()
		for n := range capacity + more {
			log.Info("line", "n", n)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		q.Close(ended) // does not wait any longer either
		close(w.free)
		q.Close(t.Context())
		lines := w.lines()
		if want := capacity + 2; len(lines) != want || !strings.Contains(lines[1], fmt.Sprintf("lines=%d", more)) {
			t.Errorf("%d lines, want %d; the second: %s", len(lines), want, lines[1])
		}
	})
}
