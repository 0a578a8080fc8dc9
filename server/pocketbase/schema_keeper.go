package pocketbase

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
)

// schemaKeeper publishes the newest schema.
type schemaKeeper struct {
	read    func(context.Context) ([]*Collection, error)
	log     *slog.Logger
	current atomic.Pointer[Schema]

	turn    chan struct{} // holds one token: whoever has it reads
	started atomic.Int64  // how many reads have begun
	last    error         // of the newest read; for whoever has the turn

	mu        sync.Mutex
	listeners []func(*Schema)
}

func (k *schemaKeeper) init(read func(context.Context) ([]*Collection, error), log *slog.Logger) {
	k.read, k.log = read, log
	k.turn = make(chan struct{}, 1)
	k.turn <- struct{}{}
}

// Schema returns the newest snapshot; nil until the first has been read.
func (d *Database) Schema() *Schema { return d.schema.current.Load() }

// OnSchema has f called after each change, one call at a time. f must be quick
// and must not ask for the schema to be refreshed.
func (d *Database) OnSchema(f func(*Schema)) {
	d.schema.mu.Lock()
	defer d.schema.mu.Unlock()
	d.schema.listeners = append(d.schema.listeners, f)
}

// RefreshSchema reads the schema now. Callers that wait for each other share
// one read if it began after they came.
func (d *Database) RefreshSchema(ctx context.Context) error {
	return d.schema.refresh(ctx)
}

func (k *schemaKeeper) refresh(ctx context.Context) error {
	came := k.started.Load()
	select {
	case <-k.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { k.turn <- struct{}{} }()
	if k.started.Load() > came {
		return k.last
	}
	k.started.Add(1)
	var collections []*Collection
	if collections, k.last = k.read(ctx); k.last == nil {
		k.publish(newSchema(collections))
	}
	return k.last
}

func (k *schemaKeeper) publish(s *Schema) {
	old := k.current.Load()
	if old != nil && old.digest == s.digest {
		return
	}
	for _, c := range s.all {
		if c.Opaque != nil {
			k.log.Warn("a collection cannot be understood by this version and is refused",
				"collection", c.Name, "error", c.Opaque)
		}
	}
	k.current.Store(s)
	k.mu.Lock()
	listeners := k.listeners
	k.mu.Unlock()
	for _, f := range listeners {
		f(s)
	}
}
