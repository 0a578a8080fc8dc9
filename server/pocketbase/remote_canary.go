package pocketbase

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// origins is where PocketBase notes from where its users sign in. The canary is a
// record there: Hapta as an origin of its superuser, of the same id. It means nothing
// (a fingerprint is an MD5 elsewhere), nobody else writes to it, and it goes with the
// superuser.
const (
	origins     = core.CollectionNameAuthOrigins
	fingerprint = "hapta"
)

// prove has the canary written and waits until the stream tells of it: then the stream
// told of everything until it set out, which is returned. It returns nothing if
// PocketBase refuses to write it; an error is the end of the stream.
func (f *feed) prove(ctx context.Context) (*time.Time, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, f.bound/3, errMute)
	defer cancel()
	select {
	case <-f.echo: // of an earlier one
	default:
	}
	began := time.Now()
	switch response, err := f.writeCanary(ctx); {
	case err != nil:
		return nil, err
	case f.remote.session.Load() == nil:
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, errSignedOut)
	case response.Status != http.StatusOK:
		f.say(slog.LevelWarn, "changes that are made elsewhere are followed, but whether all come is not known: PocketBase does not let its superuser write to "+origins+"; see to it that no hook forbids that",
			fmt.Errorf("status %d", response.Status))
		return nil, nil
	}
	select {
	case <-f.echo:
		f.say(slog.LevelInfo, "changes that are made elsewhere are followed", nil)
		return &began, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// writeCanary updates the record, and creates it the first time.
func (f *feed) writeCanary(ctx context.Context) (*Response, error) {
	owner, who := f.db.Schema().Find(core.CollectionNameSuperusers), f.remote.session.Load()
	if owner == nil || who == nil {
		return nil, errors.New("there is no superuser")
	}
	const path = "/api/collections/" + origins + "/records"
	response, err := f.send(ctx, http.MethodPatch, path+"/"+who.record, struct{}{})
	if err != nil || response.Status != http.StatusNotFound {
		return response, err
	}
	return f.send(ctx, http.MethodPost, path, map[string]string{
		"id": who.record, "collectionRef": owner.ID(), "recordRef": who.record, "fingerprint": fingerprint,
	})
}

func (f *feed) isCanary(c Change) bool {
	who := f.remote.session.Load()
	if who == nil || c.RecordID != who.record {
		return false
	}
	in := f.db.Schema().Find(c.CollectionID)
	return in != nil && in.Name == origins
}
