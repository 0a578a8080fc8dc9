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

// seed makes notes, which are everyone's, and one user.
func seed(a core.App) error {
	app = a
	notes, public := core.NewBaseCollection("notes"), ""
	notes.Fields.Add(&core.TextField{Name: "title"}, &core.FileField{Name: "doc"})
	notes.ListRule, notes.ViewRule, notes.CreateRule, notes.UpdateRule, notes.DeleteRule = &public, &public, &public, &public, &public
	if err := a.Save(notes); err != nil {
		return err
	}
	users, err := a.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	users.Fields.GetByName("password").(*core.PasswordField).Cost = 4 // bcrypt's least, to save time
	if err := a.Save(users); err != nil {
		return err
	}
	user := core.NewRecord(users)
	user.SetEmail("a@example.com")
	user.SetPassword("a password")
	return a.Save(user)
}
