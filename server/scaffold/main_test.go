package scaffold

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/pocketbase"
)

// schema is a real PocketBase's.
var schema *pocketbase.Schema

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

func runAll(m *testing.M) int {
	if err := readSchema(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

func readSchema() (err error) {
	dir, err := os.MkdirTemp("", "hapta-scaffold-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := pocketbase.OpenEmbedded(context.Background(), pocketbase.EmbeddedConfig{
		DataDir: filepath.Join(dir, "data"), StateDir: filepath.Join(dir, "state"), Seed: seed,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	schema = db.Schema()
	return db.Close(context.Background())
}

func seed(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	owner := &core.RelationField{Name: "owner", CollectionId: users.Id, MaxSelect: 1}
	readers := &core.RelationField{Name: "readers", CollectionId: users.Id, MaxSelect: 9}
	superuser := &core.RelationField{Name: "clerk", CollectionId: "pbc_3142635823", MaxSelect: 1}
	notes := with("notes", readers, owner,
		&core.TextField{Name: "slug", AutogeneratePattern: "[a-z]{8}"},
		&core.TextField{Name: "secret", Hidden: true},
		&core.TextField{Name: "list"}, &core.TextField{Name: "title"}, &core.SelectField{Name: "type", Values: []string{"a"}},
		&core.BoolField{Name: "2nd"}, &core.AutodateField{Name: "created", OnCreate: true})
	tags := with("tags", superuser, &core.TextField{Name: "label"})
	clashes := with("clashes", &core.RelationField{Name: "self", CollectionId: users.Id, MaxSelect: 1},
		&core.TextField{Name: "log"}, &core.BoolField{Name: "self_field"})
	marks := with("marks", owner)
	empty := with("empty")
	summary := core.NewViewCollection("summary")
	summary.ViewQuery = "SELECT id, title, owner FROM notes"
	for _, c := range []*core.Collection{notes, tags, clashes, marks, empty, summary} {
		if err := app.Save(c); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return nil
}

func with(name string, fields ...core.Field) *core.Collection {
	c := core.NewBaseCollection(name)
	c.Fields.Add(fields...)
	return c
}
