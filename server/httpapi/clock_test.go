package httpapi

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// sendsSlowly takes longer for a body than the database may take to answer.
func (f *face) sendsSlowly(limit time.Duration, head, body string) answer {
	f.Helper()
	w := f.dial()
	w.send(head + "Host: hapta\r\nContent-Type: application/json\r\nContent-Length: " + itoa(len(body)) + "\r\n\r\n")
	const pieces = 12
	for i := range pieces {
		w.send(body[i*len(body)/pieces : (i+1)*len(body)/pieces])
		time.Sleep(limit / (pieces - 2))
	}
	return w.receive("POST")
}

// The time that a client takes to send its body is not the database's.
func TestSlowUploads(t *testing.T) {
	const limit = time.Second
	beforeEach(t, func(o *Options) { o.Timeout = limit }, func(f *face) {
		long := strings.Repeat(" ", 64<<10) // or it would come along with the header
		batch := `{"requests":[{"method":"POST","url":"/api/collections/notes/records","body":{"title":"slow"}}]` + long + "}"
		for _, use := range []func(){f.useRules, func() { f.usePolicy(false) }} {
			use()
			f.sendsSlowly(limit, "POST "+notes+" HTTP/1.1\r\n", `{"title":"slow"`+long+"}").is(200, "")
			f.sendsSlowly(limit, "POST /api/batch HTTP/1.1\r\n", batch).is(200, "")
		}
	})
}

// Behind the body, the database's time runs.
func TestSlowAnswers(t *testing.T) {
	id := app.OnRecordCreateRequest("notes").BindFunc(func(e *core.RecordRequestEvent) error {
		<-e.Request.Context().Done()
		return e.Request.Context().Err()
	})
	defer app.OnRecordCreateRequest("notes").Unbind(id)
	beforeEach(t, func(o *Options) { o.Timeout = 100 * time.Millisecond }, func(f *face) {
		f.ask("POST", notes, `{"title":"late"}`).is(504, "upstream_timeout")
	})
}

// A clock that nobody waits on costs nothing, one that somebody does is a context like
// others, and one that has ended stays so.
func TestClocksStartWhenWaitedOn(t *testing.T) {
	c := &clock{parent: t.Context(), limit: time.Millisecond}
	time.Sleep(10 * c.limit)
	if c.Value("x") != nil || c.ctx != nil {
		t.Error("it has started")
	}
	child, cancel := context.WithCancel(c)
	defer cancel()
	<-child.Done()
	if !errors.Is(context.Cause(child), context.DeadlineExceeded) || !errors.Is(context.Cause(c), context.DeadlineExceeded) || c.isGivenUp() {
		t.Errorf("it ends with %v", context.Cause(c))
	}
	c.end()
	late := &clock{parent: t.Context(), limit: time.Hour}
	late.end()
	if <-late.Done(); !errors.Is(late.Err(), context.Canceled) {
		t.Errorf("after its end: %v", late.Err())
	}
}
