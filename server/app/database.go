package app

import (
	"context"
	"errors"
	"log/slog"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/pocketbase/demo"
)

// openDatabase opens the PocketBase that the configuration names: embedded
// without a URL, remote with one.
func openDatabase(ctx context.Context, c *config.Config, log *slog.Logger) (*pocketbase.Database, error) {
	if c.Upstream.URL == "" {
		embedded := pocketbase.EmbeddedConfig{
			DataDir: c.Upstream.DataDir, StateDir: c.Server.StateDir, Dashboard: c.Upstream.Dashboard,
			AdminEmail: c.Secrets.AdminEmail, AdminPassword: c.Secrets.AdminPassword.Reveal(),
		}
		if c.Demo {
			embedded.Seed = demo.Load
		}
		db, err := pocketbase.OpenEmbedded(ctx, embedded, log)
		return db, setup(err)
	}
	db, err := pocketbase.OpenRemote(ctx, pocketbase.RemoteConfig{
		URL: c.Upstream.URL, MaxConnections: c.Upstream.MaxConnections, Timeout: c.Upstream.Timeout,
		AdminEmail: c.Secrets.AdminEmail, AdminPassword: c.Secrets.AdminPassword.Reveal(),
	}, log)
	return db, setup(err)
}

// setup gives mistakes in how the database is set up their exit status.
func setup(err error) error {
	var wrong *pocketbase.SetupError
	if errors.As(err, &wrong) || errors.Is(err, pocketbase.ErrCredentials) {
		return usageError{err}
	}
	return err
}
