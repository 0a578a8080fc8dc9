package coherence

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"go.uber.org/goleak"

	"github.com/hapta/hapta/server/pocketbase"
)

// db is the PocketBase of all tests, and app the same as a library.
var (
	db  *pocketbase.Database
	app core.App
)

// current is what is told of another schema.
var current atomic.Pointer[world]

// bound is how long a change may stay unseen in these tests: long enough for a canary
// on a slow machine.
const bound = 2 * time.Second

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	pocketbase.UnseenBound = bound
	dir, err := os.MkdirTemp("", "hapta-coherence-")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(dir)
	db, err = pocketbase.OpenEmbedded(context.Background(), pocketbase.EmbeddedConfig{
		DataDir: filepath.Join(dir, "pb_data"), StateDir: filepath.Join(dir, "state"),
		AdminEmail: "root@example.com", AdminPassword: password, Seed: seed,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		return failed(err)
	}
	db.OnSchema(func(*pocketbase.Schema) {
		if w := current.Load(); w != nil {
			w.rebuild()
		}
	})
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
