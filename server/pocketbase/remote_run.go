package pocketbase

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// run signs in, reads the schema, and looks after both, which is also the probe
// that the breaker goes by. While PocketBase cannot be reached it tries again at
// growing intervals.
func (r *remote) run(ctx context.Context, refresh func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	var following sync.WaitGroup
	defer following.Wait()
	defer stop()
	following.Go(func() { r.feed.run(ctx) })
	var pause backoff
	var told string
	accepted := false
	for {
		err := r.probe(ctx, refresh)
		accepted = accepted || r.session.Load() != nil
		if ctx.Err() != nil {
			return nil
		}
		wait := r.untilDue()
		switch {
		case err == nil:
			pause, told = backoff{}, ""
		case errors.Is(err, ErrCredentials) && !accepted:
			return err
		default:
			if told != err.Error() {
				told = err.Error()
				r.log.Warn("PocketBase does not answer as it should; trying again", "url", r.base.String(), "error", err)
			}
			wait = pause.next()
		}
		if !r.sleep(ctx, wait, err == nil) {
			return nil
		}
	}
}

// lookNow asks run not to wait.
func (r *remote) lookNow() { signal(r.poke) }

// probe looks, and has the breaker go by it.
func (r *remote) probe(ctx context.Context, refresh func(context.Context) error) error {
	err := r.look(ctx, refresh)
	switch {
	case ctx.Err() != nil: // it was given up
	case err != nil:
		r.breaker.open()
	case r.breaker.close():
		r.log.Info("PocketBase answers", "url", r.base.String())
	}
	return err
}

// look makes sure that the superuser is signed in and the schema is fresh.
func (r *remote) look(ctx context.Context, refresh func(context.Context) error) error {
	if err := r.signIn(ctx); err != nil {
		return err
	}
	err := refresh(ctx)
	if !errors.Is(err, errSignedOut) {
		return err
	}
	if err := r.signIn(ctx); err != nil {
		return err
	}
	return refresh(ctx)
}

// untilDue is how long everything stays fresh.
func (r *remote) untilDue() time.Duration {
	s := r.session.Load()
	if s == nil {
		return 0
	}
	return max(0, min(schemaPoll, time.Until(s.renewAt)))
}

// sleep tells whether to go on. A failed request cuts it short while all is
// well; it must not shorten a pause between attempts.
func (r *remote) sleep(ctx context.Context, wait time.Duration, wakeable bool) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	poke := r.poke
	if !wakeable {
		poke = nil
	}
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-poke:
	}
	return true
}

// pageSize is the most that PocketBase lists on one page.
const pageSize = 1000

// collections reads all pages, in the order in which PocketBase looks names up.
func (r *remote) collections(ctx context.Context) ([]*Collection, error) {
	var out []*Collection
	for page := 1; ; page++ {
		items, err := r.collectionPage(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, raw := range items {
			c, err := parseCollection(raw)
			if err != nil {
				return nil, fmt.Errorf("%w: a collection cannot be read: %w", ErrUnavailable, err)
			}
			out = append(out, c)
		}
		if len(items) < pageSize {
			return out, nil
		}
	}
}

func (r *remote) collectionPage(ctx context.Context, page int) ([]json.RawMessage, error) {
	token, err := r.superuser()
	if err != nil {
		return nil, err
	}
	if !r.gate.enter() {
		return nil, errClosed
	}
	defer r.gate.leave()
	response, err := r.do(ctx, r.own, &Request{
		Method: http.MethodGet, Path: "/api/collections", Token: token,
		RawQuery: fmt.Sprintf("page=%d&perPage=%d&skipTotal=1&sort=@rowid", page, pageSize),
	})
	if err != nil {
		return nil, err
	}
	if refused(response.Status) {
		r.forget(token)
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, errSignedOut)
	}
	var list struct{ Items []json.RawMessage }
	if err := json.Unmarshal(response.Body, &list); err != nil || response.Status != http.StatusOK {
		return nil, fmt.Errorf("%w: it answers its collections with status %d", ErrUnavailable, response.Status)
	}
	return list.Items, nil
}
