package pocketbase

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const (
	realtime = "/api/realtime"
	// everyRecord follows the collection in a topic.
	everyRecord = "/*?"
	// maxTopics is how many PocketBase takes for one stream (apis/realtime.go).
	maxTopics = 1000
)

// idsAlone has PocketBase send no more of a record.
var idsAlone = url.Values{"options": {`{"query":{"fields":"id,collectionId"}}`}}.Encode()

// keep subscribes the stream, proves it, and does so again whenever the collections
// are others. A renewed token needs no new subscription: PocketBase notes whose the
// stream is, and not by which token.
func (f *feed) keep(ctx context.Context, client string) error {
	for {
		if err := f.subscribe(ctx, client); err != nil {
			return err
		}
		proved, err := f.prove(ctx)
		if err != nil {
			return err
		}
		f.db.tell(Change{Gap: true}) // what changed before was not told
		f.proved.Store(proved)
		if err := f.watch(ctx); err != nil {
			return err
		}
		f.proved.Store(nil) // PocketBase unsubscribes all before it subscribes
	}
}

// watch proves the stream again and again, until another subscription is due.
func (f *feed) watch(ctx context.Context) error {
	tick := time.NewTicker(f.bound * 2 / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-f.due:
			return nil
		case <-tick.C:
			proved, err := f.prove(ctx)
			if err != nil {
				return err
			}
			f.proved.Store(proved)
		}
	}
}

func (f *feed) subscribe(ctx context.Context, client string) error {
	select {
	case <-f.due: // what the schema is now is not due any more
	default:
	}
	topics := topicsOf(f.db.Schema())
	if len(topics) > maxTopics {
		return fmt.Errorf("there are %d collections, and PocketBase tells of %d", len(topics), maxTopics)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, f.bound/3, errSilent)
	defer cancel()
	response, err := f.send(ctx, http.MethodPost, realtime, map[string]any{"clientId": client, "subscriptions": topics})
	if err != nil {
		return err
	}
	if response.Status != http.StatusNoContent {
		return fmt.Errorf("%w: it answers a subscription with status %d", ErrUnavailable, response.Status)
	}
	return nil
}

// topicsOf are those of all collections that have records of their own.
func topicsOf(s *Schema) (topics []string) {
	for _, c := range s.All() {
		if !c.IsView() {
			topics = append(topics, c.ID()+everyRecord+idsAlone)
		}
	}
	return topics
}

// send is a request as the superuser, on connections that are no client's.
func (f *feed) send(ctx context.Context, method, path string, body any) (*Response, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	token, err := f.remote.superuser()
	if err != nil {
		return nil, err
	}
	return f.remote.ask(ctx, f.remote.own, &Request{
		Method: method, Path: path, Token: token, Header: http.Header{"Content-Type": {"application/json"}},
		Body: bytes.NewReader(raw), ContentLength: int64(len(raw)),
	})
}
