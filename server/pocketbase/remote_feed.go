package pocketbase

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"
)

// UnseenBound is how long at most a change can stay unseen that nobody tells of. So soon
// a feed is found out that has gone mute: the canary sets out every two thirds of it, and
// has to be back within one. It is another one in tests alone.
var UnseenBound = 15 * time.Second

var errMute = fmt.Errorf("changes do not come: %w", context.DeadlineExceeded)

// feed tells of the changes in a remote PocketBase: one event stream of its realtime
// API, as the superuser, on the records of all collections. PocketBase replays
// nothing and ends each stream after half an hour (apis/realtime.go), so whenever a
// new one takes over, a gap is told.
type feed struct {
	remote *remote
	db     *Database
	bound  time.Duration // UnseenBound, but in tests

	proved atomic.Pointer[time.Time] // when the canary set out that came back last; nil: down
	echo   chan struct{}             // the canary has come back
	due    chan struct{}             // the collections are others
	said   string                    // logged last; for whoever follows
}

func newFeed(r *remote, d *Database) *feed {
	f := &feed{remote: r, db: d, bound: UnseenBound, echo: make(chan struct{}, 1), due: make(chan struct{}, 1)}
	d.OnSchema(func(*Schema) { signal(f.due) })
	return f
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // it is there already
	}
}

func (f *feed) live() bool {
	proved := f.proved.Load()
	return proved != nil && time.Since(*proved) < f.bound
}

// run follows one stream after the other until ctx ends, while the breaker lets
// requests through. It leaves the breaker alone: run of the remote goes by its own.
func (f *feed) run(ctx context.Context) {
	var pause backoff
	for ctx.Err() == nil {
		if !f.remote.ready() {
			f.wait(ctx, firstPause)
			continue
		}
		began := time.Now()
		err := f.follow(ctx)
		lost := f.proved.Swap(nil) != nil
		if ctx.Err() == nil && !(lost && errors.Is(err, io.EOF)) {
			f.say(slog.LevelWarn, "changes that are made elsewhere are not followed; trying again", err)
		}
		if time.Since(began) > longestWait {
			pause = backoff{}
		}
		f.wait(ctx, pause.next())
	}
}

func (f *feed) wait(ctx context.Context, pause time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}

// say logs what was not said just before.
func (f *feed) say(level slog.Level, message string, err error) {
	text := message
	if err != nil {
		text += err.Error()
	}
	if f.said == text {
		return
	}
	f.said = text
	attrs := []any{"url", f.remote.base.String()}
	if err != nil {
		attrs = append(attrs, "error", err)
	}
	f.remote.log.Log(context.Background(), level, message, attrs...)
}
