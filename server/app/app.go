package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/httpapi"
	"github.com/hapta/hapta/server/logqueue"
	"github.com/hapta/hapta/server/metrics"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy/watch"
	"github.com/hapta/hapta/server/session"
)

// app is one running server.
type app struct {
	config   atomic.Pointer[config.Config]
	log      *slog.Logger
	requests *logqueue.Queue // what is logged of requests, so that it holds none up
	listener net.Listener
	sessions *session.Manager
	folder   *watch.Folder
	ledger   *watch.Ledger
	db       *pocketbase.Database
	gateway  *gateway.Gateway
	http     *httpapi.Server

	rebuilding sync.Mutex
	reported   map[string]bool // findings that were logged
}

// build opens everything in an order that leaves nothing half-open: whatever
// fails, what was opened before it is closed again.
func build(ctx context.Context, c *config.Config, log *slog.Logger) (a *app, err error) {
	a = &app{log: log, requests: logqueue.New(log.Handler()), reported: map[string]bool{}}
	a.config.Store(c)
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close(context.WithoutCancel(ctx)))
		}
	}()
	if a.listener, err = listen(c); err != nil {
		return a, err
	}
	if err = c.PrepareState(); err != nil {
		return a, err
	}
	requests, counts := slog.New(a.requests.Handler()), metrics.New()
	if a.sessions, err = openSessions(c, requests, counts); err != nil {
		return a, err
	}
	if err = a.openPolicies(ctx, c); err != nil {
		return a, err
	}
	if a.db, err = openDatabase(ctx, c, log); err != nil {
		return a, err
	}
	a.gateway = gateway.New(a.db, a.sessions, requests, counts)
	a.gateway.ResizeCache(int(c.Cache.Size))
	counts.WatchCache(a.gateway.CacheFill)
	a.http = httpapi.New(httpapi.Options{
		Gateway: a.gateway, Admin: a.admin(c, counts), Secret: c.Secrets.JWTKeys()[0], Timeout: c.Upstream.Timeout,
		CORSOrigins: c.Server.CORSOrigins, Proxies: c.Server.TrustedProxies,
		Passthrough: c.Upstream.Passthrough, SuperuserAPI: c.Server.SuperuserAPI, Log: requests,
		Admission: admission(c), Counts: counts,
	})
	return a, nil
}

func openSessions(c *config.Config, log *slog.Logger, counts *metrics.Metrics) (*session.Manager, error) {
	store, err := session.OpenSQLite(filepath.Join(c.Server.StateDir, "sessions.db"))
	if err != nil {
		return nil, err
	}
	m, err := session.NewManager(store, c.Secrets.JWTKeys(), log, counts)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return m, nil
}

// listen takes the port first, so that a second server on it harms nothing.
func listen(c *config.Config) (net.Listener, error) {
	addr := c.Server.Address()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, usage("cannot listen on %s: %v; stop what uses it, or set [server] hostname and port", addr, err)
	}
	if !c.TLS.Enabled {
		return l, nil
	}
	pair, err := tls.LoadX509KeyPair(c.TLS.Cert, c.TLS.Key)
	if err != nil {
		return nil, errors.Join(usage("the certificate cannot be used: %v; check [tls] cert and key", err), l.Close())
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}), nil
}

// defaultPolicies is made when it is missing. Another folder that is missing is
// more likely a mistake, and would leave everything to PocketBase's rules.
const defaultPolicies = "policies"

func (a *app) openPolicies(ctx context.Context, c *config.Config) (err error) {
	dir := c.Policies.Dir
	if _, err := os.Stat(filepath.Join(dir, "posts.wasm")); c.Demo && err != nil {
		a.log.Warn("the demo goes with the policies that come with Hapta, and they are not here: posts is closed, and nothing of users is masked; run it where they are, or set [policies] dir", "folder", dir)
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) && dir == defaultPolicies {
		a.log.Warn("the folder of policies is not there; an empty one is made", "folder", dir)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return usage("the folder of policies cannot be made: %v; name another one as [policies] dir", err)
		}
	}
	if a.ledger, err = watch.OpenLedger(c.Server.StateDir, dir); err != nil {
		return usage("%v", err)
	}
	engine, err := newEngine(c, filepath.Join(c.Server.StateDir, "modules"))
	if err != nil {
		return usage("%v", err)
	}
	if c.Server.DevelopmentMode {
		engine.OnLog(func(name, line string) { a.log.Info("policy says", "policy", name, "line", line) })
	}
	a.folder, err = watch.Open(ctx, dir, engine.Load, a.log)
	if err != nil {
		return usage("%v", err)
	}
	return nil
}

// close releases what build opened.
func (a *app) close(ctx context.Context) error {
	var errs []error
	if a.http == nil && a.listener != nil {
		errs = append(errs, a.listener.Close())
	}
	if a.folder != nil {
		a.folder.Close()
	}
	if a.gateway != nil {
		a.gateway.Close()
	}
	if a.db != nil {
		errs = append(errs, a.db.Close(ctx))
	}
	if a.sessions != nil {
		errs = append(errs, a.sessions.Close())
	}
	a.requests.Close(ctx)
	return errors.Join(errs...)
}

// usageError is a mistake of whoever set the server up: exit status 2.
type usageError struct{ error }

func (usageError) ExitCode() int { return 2 }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }
