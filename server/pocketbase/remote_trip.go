package pocketbase

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// maxWait bounds how long a request waits for a connection, be it a free one or
// a new one. It is longer than dialTimeout, so that a host that is not there is
// told from connections that are all in use.
const maxWait = 5 * time.Second

var (
	errNoConnection = errors.New("no connection was free in time")
	errHungUp       = errors.New("it was hung up")
)

// trip is one request on its way: what ends it early, and how far it came.
type trip struct {
	ctx       context.Context // also bounds reading the answer's body
	end       context.CancelCauseFunc
	connected bool // the request may have reached PocketBase
	body      *sentBody
}

func newTrip(ctx context.Context) *trip {
	t := &trip{}
	t.ctx, t.end = context.WithCancelCause(ctx)
	return t
}

// send is one round trip, up to the answer's header.
//
// A request may go out twice, for net/http sends some again by itself, all on a
// connection that had been used before and broke (shouldRetryRequest in its
// transport.go): those without a body of which not a byte was written, and GET
// and HEAD without a body as long as no byte of the answer has come. Neither can
// store anything twice. What has a body is sent once.
func (t *trip) send(transport *http.Transport, out *http.Request) (*http.Response, error) {
	if body, ok := out.Body.(*sentBody); ok {
		t.body = body
	}
	waiting := time.AfterFunc(maxWait, func() { t.end(errNoConnection) })
	defer waiting.Stop()
	response, err := transport.RoundTrip(out.WithContext(httptrace.WithClientTrace(t.ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) {
			waiting.Stop()
			t.connected = true
		},
	})))
	if err != nil {
		return nil, t.failure(err)
	}
	return response, nil
}

// failure says what a failed round trip, or a failed read of its answer, means.
func (t *trip) failure(err error) error {
	cause := context.Cause(t.ctx)
	if cause != nil {
		err = cause
	}
	switch {
	case errors.Is(cause, context.Canceled):
		return fmt.Errorf("the request was given up: %w", cause)
	case errors.Is(cause, ErrBody):
		return cause
	case t.body != nil && t.body.broken.Load():
		return fmt.Errorf("%w: %w", ErrBody, err)
	case t.connected:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	case cause != nil:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return fmt.Errorf("%w: %w", ErrNotSent, err)
}

// sentBody is the body of a request, which is the client's: that it cannot be
// read is no failure of PocketBase.
type sentBody struct {
	io.Reader
	silence *silence
	broken  atomic.Bool
}

func (b *sentBody) Read(p []byte) (int, error) {
	b.silence.awaiting.Store(true)
	n, err := b.Reader.Read(p)
	b.silence.awaiting.Store(false)
	if err != nil && err != io.EOF {
		b.broken.Store(true)
	}
	if n > 0 {
		b.silence.moved()
	}
	return n, err
}

// Close does nothing: the body stays its giver's.
func (b *sentBody) Close() error { return nil }
