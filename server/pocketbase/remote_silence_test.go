package pocketbase

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// slowly gives its text in pieces.
type slowly struct {
	io.Reader
	pause time.Duration
}

func (s slowly) Read(p []byte) (int, error) {
	time.Sleep(s.pause)
	return s.Reader.Read(p[:1])
}

// A body that takes long to come takes none of the time for the answer.
func TestSlowBodies(t *testing.T) {
	d := believed(t, newBreaking(t).URL, func(cfg *RemoteConfig) { cfg.Timeout = time.Second })
	body := slowly{strings.NewReader("twelve bytes"), 100 * time.Millisecond}
	if _, err := d.Fetch(t.Context(), &Request{Method: "POST", Path: "/", Body: body, ContentLength: 12}); err != nil {
		t.Error(err)
	}
}

// stalled begins, and ends once its connection has been cut.
type stalled struct {
	begin io.Reader
	cut   <-chan struct{}
	ended bool
}

func (s *stalled) Read(p []byte) (int, error) {
	if n, err := s.begin.Read(p); err == nil {
		return n, nil
	}
	if !s.ended {
		<-s.cut
		s.ended = true
	}
	return 0, io.EOF
}

// A client that stops sending says nothing about PocketBase, however many do.
func TestStalledBodies(t *testing.T) {
	cut := make(chan struct{})
	there := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			cut <- struct{}{}
		}
	}))
	defer there.Close()
	d := believed(t, there.URL, func(cfg *RemoteConfig) { cfg.Timeout = 50 * time.Millisecond })
	begun := strings.Repeat("x", 64<<10) // more than net/http holds back
	for i := range 2 * tripAfter {
		request := &Request{Method: "POST", Path: "/", Body: &stalled{begin: strings.NewReader(begun), cut: cut}, ContentLength: 1 << 20}
		var err error
		if i%2 == 0 {
			_, err = d.Fetch(t.Context(), request)
		} else {
			_, err = d.Stream(t.Context(), request)
		}
		if !errors.Is(err, ErrBody) || errors.Is(err, ErrUnavailable) {
			t.Errorf("a body that stands still: %v", err)
		}
	}
	if !d.backend.ready() {
		t.Error("the breaker has opened")
	}
}
