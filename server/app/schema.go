package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hapta/hapta/server/config"
	"github.com/hapta/hapta/server/pocketbase"
)

// schemaPatience is how long commands wait for a database that does not answer.
const schemaPatience = 15 * time.Second

// liveSchema is that of the database that is there; nil for an embedded one that
// was never started. It changes nothing.
func liveSchema(ctx context.Context, c *config.Config) (*pocketbase.Schema, error) {
	if !c.Embedded() {
		return remoteSchema(ctx, c)
	}
	if _, err := os.Stat(filepath.Join(c.Upstream.DataDir, "data.db")); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return pocketbase.ReadSchema(ctx, c.Upstream.DataDir)
}

func remoteSchema(ctx context.Context, c *config.Config) (*pocketbase.Schema, error) {
	ctx, cancel := context.WithTimeout(ctx, schemaPatience)
	defer cancel()
	db, err := openDatabase(ctx, c, silent())
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()

	read := make(chan struct{}, 1)
	db.OnSchema(func(*pocketbase.Schema) {
		select {
		case read <- struct{}{}:
		default:
		}
	})
	ended := make(chan error, 1)
	go func() { ended <- db.Run(ctx) }()
	select {
	case <-read:
		cancel()
		<-ended
		return db.Schema(), nil
	case err := <-ended:
		if err == nil {
			err = fmt.Errorf("PocketBase at %s did not answer within %s; check [upstream] url and that it runs", c.Upstream.URL, schemaPatience)
		}
		return nil, err
	}
}
