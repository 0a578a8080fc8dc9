package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/hapta/hapta/server/pocketbase"
)

// db is the PocketBase of all tests. It takes a second to start, so there is
// one, and each test begins with its collections empty.
var db *pocketbase.Database

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "hapta-gateway-")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(dir)
	if err := ownRoutesIn(dir); err != nil {
		return failed(err)
	}
	db, err = pocketbase.OpenEmbedded(context.Background(), pocketbase.EmbeddedConfig{
		DataDir: filepath.Join(dir, "pb_data"), StateDir: filepath.Join(dir, "state"),
		AdminEmail: "root@example.com", AdminPassword: "correct horse", Seed: seed,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		return failed(err)
	}
	code := m.Run()
	if err := db.Close(context.Background()); err != nil {
		return failed(err)
	}
	if err := goleak.Find(); err != nil {
		return failed(err)
	}
	return code
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}
