package pocketbase

import (
	"context"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// ReadSchema reads the collections of an embedded PocketBase that need not be
// running. It runs no hooks and no migrations.
func ReadSchema(ctx context.Context, dataDir string) (schema *Schema, err error) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dataDir, EncryptionEnv: encryptionEnv})
	if err := app.Bootstrap(); err != nil {
		return nil, fmt.Errorf("the database in %s cannot be read: %w", dataDir, err)
	}
	defer func() { err = errors.Join(err, app.ResetBootstrapState()) }()
	e := &embedded{app: app}
	collections, err := e.collections(ctx)
	if err != nil {
		return nil, err
	}
	return newSchema(collections), nil
}
