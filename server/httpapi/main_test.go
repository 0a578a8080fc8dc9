package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"go.uber.org/goleak"

	"github.com/hapta/hapta/server/pocketbase"
)

// db is the PocketBase of all tests, and app the same as a library.
var (
	db  *pocketbase.Database
	app core.App
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "hapta-httpapi-")
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
	// fasthttp's cleaner of idle workers notices the end of its server only when
	// it next wakes, and its clock never ends.
	err = goleak.Find(
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
	)
	if err != nil {
		return failed(err)
	}
	return code
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}
