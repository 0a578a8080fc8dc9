package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"

	"golang.org/x/sync/errgroup"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/policy/watch"
)

// Options are what Run needs besides the configuration's files.
type Options struct {
	Config config.Options
	Log    func(*config.Config) *slog.Logger  // made once the configuration is known
	Reload <-chan struct{}                    // read the configuration again
	Up     func(url string, c *config.Config) // called once requests are accepted; may be nil
}

// Run serves until ctx ends, then drains: it takes no new work, finishes what
// runs within [server] shutdown_grace, and writes down its state.
func Run(ctx context.Context, o Options) error {
	c, err := config.Load(o.Config)
	if err != nil {
		return err
	}
	a, err := build(ctx, c, o.Log(c))
	if ctx.Err() != nil && err != nil {
		return nil // told to stop before it had started
	}
	if err != nil {
		return err
	}
	return a.run(ctx, o)
}

func (a *app) run(ctx context.Context, o Options) error {
	// What serves outlives ctx by the grace; what only keeps things fresh ends
	// behind it, for requests under way still need the database.
	keeping, stopKeeping := context.WithCancel(context.WithoutCancel(ctx))
	defer stopKeeping()
	tasks, failed := errgroup.WithContext(keeping)

	a.db.OnSchema(func(*pocketbase.Schema) { a.rebuild() })
	a.rebuild()
	tasks.Go(func() error { return setup(a.db.Run(failed)) })
	keep := a.folder.Finish
	if a.config.Load().Policies.HotReload {
		keep = a.folder.Run
	}
	tasks.Go(func() error { keep(failed, func(*watch.Set) { a.rebuild() }); return nil })
	tasks.Go(func() error { a.ledger.Run(failed, a.rebuild); return nil })
	a.announce(o) // the port is taken: who is told now is served in a moment
	tasks.Go(func() error { return a.http.Serve(a.listener) })
	tasks.Go(func() error { return a.reloads(failed, o) })

	select {
	case <-ctx.Done():
	case <-failed.Done(): // a part gave up: the reason comes from Wait
	}
	return a.drain(stopKeeping, tasks)
}

func (a *app) announce(o Options) {
	c := a.config.Load()
	scheme := "http"
	if c.TLS.Enabled {
		scheme = "https"
	}
	url := fmt.Sprintf("%s://%s", scheme, a.listener.Addr())
	a.log.Info("listening", "url", url)
	for _, w := range c.Warnings() {
		a.log.Warn(w)
	}
	if o.Up != nil {
		o.Up(url, c)
	}
}

func (a *app) drain(stopKeeping func(), tasks *errgroup.Group) error {
	grace, cancel := context.WithTimeout(context.Background(), a.config.Load().Server.ShutdownGrace)
	defer cancel()
	a.log.Info("stopping")
	err := a.http.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		a.log.Warn("some requests did not finish within shutdown_grace and were cut off")
		err = nil
	}
	stopKeeping()
	err = errors.Join(tasks.Wait(), err)

	closing, cancel := context.WithTimeout(context.Background(), a.config.Load().Server.ShutdownGrace)
	defer cancel()
	return errors.Join(err, a.close(closing))
}

// reloads reads the configuration again whenever it is asked to.
func (a *app) reloads(ctx context.Context, o Options) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-o.Reload:
			a.reload(o.Config)
		}
	}
}

func (a *app) reload(o config.Options) {
	next, err := config.Load(o)
	if err == nil && a.config.Load().FromFile && !next.FromFile {
		err = errors.New("hapta.toml was there and is gone or empty: put it back; to do without it, restart")
	}
	if err == nil {
		err = next.PrepareState()
	}
	if err != nil {
		a.log.Error("the configuration is wrong; the one in force stays", "problems", err.Error())
		return
	}
	before := a.config.Load()
	for section, changed := range map[string]bool{
		"server": !reflect.DeepEqual(next.Server, before.Server), "tls": next.TLS != before.TLS,
		"upstream": !reflect.DeepEqual(next.Upstream, before.Upstream), "policies": !samePolicies(next.Policies, before.Policies),
	} {
		if changed {
			a.log.Warn("a change in this section takes effect at the next start", "section", section)
		}
	}
	if !reflect.DeepEqual(next.Secrets, before.Secrets) {
		a.log.Warn("a changed JWT_SECRET, HAPTA_ADMIN_KEY, ADMIN_EMAIL or ADMIN_PASSWORD takes effect at the next start")
	}
	a.config.Store(next)
	a.http.Admit(admission(next))
	a.gateway.ResizeCache(int(next.Cache.Size))
	a.rebuild()
	a.log.Info("the configuration was read again")
}

// samePolicies leaves out what a snapshot takes in at once.
func samePolicies(a, b config.Policies) bool {
	a.Fallback, b.Fallback = "", ""
	return a == b
}
