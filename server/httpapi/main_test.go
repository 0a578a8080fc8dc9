package httpapi

import (
	"context"
	"errors"
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

// set has PocketBase believe Hapta's word about addresses, as the README says,
// let superusers in from Hapta's own alone, and allow each address to list
// the collection limited once.
func set(a core.App) error {
	settings := a.Settings()
	settings.Batch.Enabled = true
	settings.TrustedProxy.Headers = []string{"X-Forwarded-For"}
	settings.SuperuserIPs = []string{"127.0.0.1"}
	settings.RateLimits.Enabled = true
	settings.RateLimits.Rules = []core.RateLimitRule{{Label: "limited:list", MaxRequests: 1, Duration: 3600}}
	return a.Save(settings)
}

// seed makes notes and limited, which are everyone's, and one user.
func seed(a core.App) error {
	app = a
	if err := set(a); err != nil {
		return err
	}
	notes, public := core.NewBaseCollection("notes"), ""
	notes.Fields.Add(&core.TextField{Name: "title"}, &core.FileField{Name: "doc"})
	notes.ListRule, notes.ViewRule, notes.CreateRule, notes.UpdateRule, notes.DeleteRule = &public, &public, &public, &public, &public
	limited := core.NewBaseCollection("limited")
	limited.ListRule = &public
	if err := errors.Join(a.Save(notes), a.Save(limited)); err != nil {
		return err
	}
	notes.Fields.Add(&core.RelationField{Name: "peer", CollectionId: notes.Id}) // the policy of the tests asks for it
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
	if err := a.Save(user); err != nil {
		return err
	}
	recordArrivals(a)
	return nil
}
