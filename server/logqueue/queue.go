package logqueue

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// capacity is how many lines may wait.
const capacity = 4096

// Queue writes lines in the order in which they came, behind whoever logs them.
type Queue struct {
	next    slog.Handler
	lines   chan line
	dropped atomic.Int64
	closing sync.Once
	closed  chan struct{}
	ended   chan struct{}
}

type line struct {
	to     slog.Handler
	record slog.Record
}

// New starts a queue before a handler. It has to be closed.
func New(next slog.Handler) *Queue {
	q := &Queue{next: next, lines: make(chan line, capacity), closed: make(chan struct{}), ended: make(chan struct{})}
	go q.run()
	return q
}

// Handler is the queue's end for those who log.
func (q *Queue) Handler() slog.Handler { return &handler{q, q.next} }

// Close writes what waits, and from then on everything at once. It waits for a
// log that does not take its lines until ctx ends.
func (q *Queue) Close(ctx context.Context) {
	q.closing.Do(func() { close(q.closed) })
	select {
	case <-q.ended:
	case <-ctx.Done():
	}
}

func (q *Queue) run() {
	defer close(q.ended)
	for {
		select {
		case l := <-q.lines:
			q.write(l)
		case <-q.closed:
			for {
				select {
				case l := <-q.lines:
					q.write(l)
				default:
					return
				}
			}
		}
	}
}

func (q *Queue) write(l line) {
	if n := q.dropped.Swap(0); n > 0 {
		r := slog.NewRecord(time.Now(), slog.LevelWarn, "the log could not keep up, and lines were left out", 0)
		r.AddAttrs(slog.Int64("lines", n))
		_ = q.next.Handle(context.Background(), r) // whoever could be told reads this very log
	}
	_ = l.to.Handle(context.Background(), l.record)
}

// handler is a slog.Handler that hands its lines to the queue.
type handler struct {
	queue *Queue
	to    slog.Handler // with the groups and attributes of this handler
}

func (h *handler) Enabled(ctx context.Context, l slog.Level) bool { return h.to.Enabled(ctx, l) }

func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	select {
	case <-h.queue.closed:
		return h.to.Handle(ctx, r)
	default:
	}
	select {
	case h.queue.lines <- line{h.to, r.Clone()}:
	default:
		h.queue.dropped.Add(1)
	}
	return nil
}

func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &handler{h.queue, h.to.WithAttrs(attrs)}
}

func (h *handler) WithGroup(name string) slog.Handler {
	return &handler{h.queue, h.to.WithGroup(name)}
}
