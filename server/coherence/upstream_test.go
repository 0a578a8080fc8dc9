package coherence

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"

	"github.com/hapta/hapta/server/pocketbase"
)

// upstream is the tests' PocketBase behind a port of its own, as a network that fails as
// it is told lets it be reached.
type upstream struct {
	*pocketbase.Database
	cut     atomic.Bool // no event stream opens
	failing atomic.Bool // every connection breaks
	losing  atomic.Bool // what is written is stored, and then the connection breaks
}

func newUpstream(t *testing.T) *upstream {
	t.Helper()
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := router.BuildMux()
	if err != nil {
		t.Fatal(err)
	}
	u := &upstream{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case u.failing.Load():
			panic(http.ErrAbortHandler)
		case u.cut.Load() && r.URL.Path == "/api/realtime":
			http.Error(w, "no", http.StatusTeapot)
			return
		}
		if handler.ServeHTTP(w, r); u.losing.Load() && r.Method != http.MethodGet {
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	u.Database, err = pocketbase.OpenRemote(t.Context(), pocketbase.RemoteConfig{
		URL: server.URL, AdminEmail: "root@example.com", AdminPassword: password, MaxConnections: 8, Timeout: time.Minute,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- u.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := u.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	u.until(t, "ready", u.Ready)
	u.until(t, "live", u.Live)
	return u
}

func (u *upstream) until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for !is() {
		select {
		case <-t.Context().Done():
			t.Fatalf("it never becomes %s", what)
		case <-time.After(time.Millisecond):
		}
	}
}

// silence has nobody told of changes any more.
func (u *upstream) silence(t *testing.T) {
	t.Helper()
	u.cut.Store(true)
	endStreams()
	u.until(t, "dead", func() bool { return !u.Live() })
}

// endStreams ends all event streams, as PocketBase does after half an hour.
func endStreams() {
	for _, client := range app.SubscriptionsBroker().Clients() {
		client.Discard()
	}
}

// mute leaves the streams open and tells nothing on them any more, as when the
// superuser's key has changed.
func mute() {
	for _, client := range app.SubscriptionsBroker().Clients() {
		client.Unset("auth")
	}
}
