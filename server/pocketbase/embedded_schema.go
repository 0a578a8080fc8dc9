package pocketbase

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// collections reads from the database rather than from PocketBase's cache,
// whose collections other code holds too.
func (e *embedded) collections(context.Context) ([]*Collection, error) {
	if !e.gate.enter() {
		return nil, errClosed
	}
	defer e.gate.leave()
	stored, err := e.app.FindAllCollections()
	if err != nil {
		return nil, fmt.Errorf("%w: its collections cannot be read: %w", ErrUnavailable, err)
	}
	return wrapCollections(stored)
}

func wrapCollections(stored []*core.Collection) ([]*Collection, error) {
	out := make([]*Collection, len(stored))
	for i, c := range stored {
		raw, err := json.Marshal(c)
		if err != nil {
			return nil, fmt.Errorf("collection %s cannot be encoded: %w", c.Name, err)
		}
		out[i] = newCollection(c, raw)
	}
	return out, nil
}

// watchCollections reads the schema anew within the call that changed it, so
// that whoever made the change finds it in force when they are answered. Records
// may have changed with it: those of a field that went, or of a whole collection.
func (e *embedded) watchCollections(d *Database, log *slog.Logger) {
	changed := &hook.Handler[*core.CollectionEvent]{
		Id: "haptaCollections", Priority: outermost, // or a hook of the app's could end the chain before it
		Func: func(ev *core.CollectionEvent) error {
			err := ev.Next()
			if failed := d.RefreshSchema(ev.Context); failed != nil && e.ready() {
				log.Warn("the schema cannot be read after a change", "error", failed)
			}
			e.tell(Change{Gap: true})
			return err
		},
	}
	e.app.OnCollectionAfterCreateSuccess().Bind(changed)
	e.app.OnCollectionAfterUpdateSuccess().Bind(changed)
	e.app.OnCollectionAfterDeleteSuccess().Bind(changed)
}
