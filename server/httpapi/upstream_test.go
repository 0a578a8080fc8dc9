package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"

	"github.com/hapta/hapta/server/pocketbase"
)

// beforeEach runs a test before the embedded PocketBase, and before the same
// one behind a port of its own.
func beforeEach(t *testing.T, change func(*Options), test func(*face)) {
	t.Run("embedded", func(t *testing.T) { test(newFaceBefore(t, db, change)) })
	t.Run("remote", func(t *testing.T) { test(newFaceBefore(t, openRemote(t, nil), change)) })
}

// servePocketBase gives the tests' PocketBase a port, and returns its address.
func servePocketBase(t *testing.T, wrap func(http.Handler) http.Handler) string {
	t.Helper()
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := router.BuildMux()
	if err != nil {
		t.Fatal(err)
	}
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// openRemote is the tests' PocketBase as Hapta reaches one over the network.
func openRemote(t *testing.T, wrap func(http.Handler) http.Handler) *pocketbase.Database {
	t.Helper()
	d, err := pocketbase.OpenRemote(t.Context(), pocketbase.RemoteConfig{
		URL: "http://" + servePocketBase(t, wrap), AdminEmail: "root@example.com", AdminPassword: "correct horse", MaxConnections: 8, Timeout: time.Minute,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for !d.Ready() {
		time.Sleep(time.Millisecond)
	}
	return d
}
