package pocketbase

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"sync/atomic"
)

// backend is what an embedded and a remote PocketBase do in their own ways.
type backend interface {
	// run keeps the backend going until ctx ends, calling refresh whenever the
	// schema is due.
	run(ctx context.Context, refresh func(context.Context) error) error
	ready() bool
	live() bool
	collections(ctx context.Context) ([]*Collection, error)
	fetch(ctx context.Context, r *Request) (*Response, error)
	stream(ctx context.Context, r *Request) (*http.Response, error)
	superuser() (string, error)
	close(ctx context.Context) error
}

// Database is a PocketBase, embedded or remote. It is safe for concurrent use.
type Database struct {
	backend  backend
	schema   schemaKeeper
	onChange atomic.Pointer[func(Change)]
}

func newDatabase(b backend, log *slog.Logger) *Database {
	d := &Database{backend: b}
	d.schema.init(b.collections, log)
	return d
}

// Run keeps the superuser signed in and the schema fresh, and follows changes. It returns when ctx
// ends (nil), when a remote PocketBase has never accepted the superuser (an
// error that wraps ErrCredentials), or when an embedded one has stopped by
// itself.
func (d *Database) Run(ctx context.Context) error {
	return d.backend.run(ctx, d.RefreshSchema)
}

// Readers is how many may read at once without getting into each other's way; 0 for a
// PocketBase that is not embedded, which has processors of its own.
func (d *Database) Readers() int {
	if _, ok := d.backend.(*embedded); ok {
		return 4 * runtime.GOMAXPROCS(0)
	}
	return 0
}

// Ready tells whether the database answers, the superuser is signed in, and
// the schema is known.
func (d *Database) Ready() bool {
	return d.backend.ready() && d.Schema() != nil
}

// Fetch sends a request and returns the whole answer, whatever its status.
// Errors wrap ErrUnavailable, ErrTooLarge, or say that ctx has ended; a write that
// goes on nevertheless is a *LeftError.
func (d *Database) Fetch(ctx context.Context, r *Request) (*Response, error) {
	return d.backend.fetch(ctx, r)
}

// Stream sends a request and returns as soon as the answer's header is there.
// The body must be closed; ctx bounds it too.
func (d *Database) Stream(ctx context.Context, r *Request) (*http.Response, error) {
	return d.backend.stream(ctx, r)
}

// Superuser returns a token of the superuser that Hapta acts as, valid for
// minutes at least. The error wraps ErrUnavailable.
func (d *Database) Superuser() (string, error) {
	return d.backend.superuser()
}

// Close ends what still runs and releases the database. It waits until ctx ends.
func (d *Database) Close(ctx context.Context) error {
	return d.backend.close(ctx)
}
