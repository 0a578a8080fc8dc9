package differential

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/app"
	"github.com/hapta/hapta/server/config"
)

// side is a server that requests go to.
type side struct {
	name    string
	addr    string
	tokens  map[caller]string
	answers map[string]answer // of named requests
}

// newPocketBase serves a copy of the data, as PocketBase's own command does.
func newPocketBase(t *testing.T) *side {
	t.Helper()
	dir := copied(t)
	pb := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := pb.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving := make(chan struct{})
	pb.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Listener, e.InstallerFunc = l, nil
		close(serving)
		return e.Next()
	})
	ended := make(chan error, 1)
	go func() { ended <- apis.Serve(pb, apis.ServeConfig{}) }()
	select {
	case <-serving: // the listener takes connections from here on
	case err := <-ended:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := pb.OnTerminate().Trigger(&core.TerminateEvent{App: pb}, func(e *core.TerminateEvent) error {
			return e.App.ResetBootstrapState()
		})
		if err := errors.Join(err, <-ended); err != nil {
			t.Error(err)
		}
	})
	return &side{name: "PocketBase", addr: l.Addr().String()}
}

// newEmbedded is a whole Hapta with PocketBase inside.
func newEmbedded(t *testing.T, environ ...string) *side {
	t.Helper()
	return newHapta(t, "embedded", append(environ, "HAPTA_UPSTREAM_DATA_DIR="+copied(t)))
}

// newRemote is a whole Hapta in front of a PocketBase of its own.
func newRemote(t *testing.T, environ ...string) *side {
	t.Helper()
	return newHapta(t, "remote", append(environ, "DB_URL=http://"+newPocketBase(t).addr))
}

// newHapta runs the server as its command does, with no policies.
func newHapta(t *testing.T, name string, environ []string) *side {
	t.Helper()
	dir, missing := t.TempDir(), filepath.Join(t.TempDir(), "missing")
	environ = append(environ,
		"HAPTA_SERVER_PORT=0", "HAPTA_SERVER_STATE_DIR="+filepath.Join(dir, "state"), "HAPTA_POLICIES_DIR="+dir,
		"HAPTA_UPSTREAM_DASHBOARD=", "ADMIN_EMAIL=test@example.com", "ADMIN_PASSWORD="+password,
		// PocketBase has no limits either, unless its settings say so.
		"HAPTA_RATELIMITS_DEFAULT_LIMIT=0", "HAPTA_RATELIMITS_AUTH_LIMIT=0", "HAPTA_RATELIMITS_FILES_LIMIT=0", "HAPTA_RATELIMITS_PASSTHROUGH_LIMIT=0")
	ctx, stop := context.WithCancel(context.Background())
	up, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- app.Run(ctx, app.Options{
			Config: config.Options{ConfigFile: missing, EnvFile: missing, Environ: environ},
			Log:    func(*config.Config) *slog.Logger { return slog.New(slog.DiscardHandler) },
			Up:     func(url string, _ *config.Config) { up <- url },
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	s := &side{name: name}
	select {
	case url := <-up:
		s.addr = strings.TrimPrefix(url, "http://")
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	}
	s.awaitReady(t)
	return s
}

func (s *side) awaitReady(t *testing.T) {
	t.Helper()
	for t.Context().Err() == nil {
		response, err := http.Get("http://" + s.addr + "/api/hapta/health/ready")
		if err != nil {
			continue // it does not accept yet
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return
		}
	}
	t.Fatal("Hapta does not get ready")
}

func copied(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pb_data")
	if err := copyTree(data.dir, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}
