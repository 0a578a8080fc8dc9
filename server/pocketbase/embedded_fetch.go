package pocketbase

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
)

// fetch runs PocketBase's handler, a read in the caller's goroutine. A write may
// wait for another one's transaction, whatever becomes of ctx, so that it is left
// behind when ctx ends.
func (e *embedded) fetch(ctx context.Context, r *Request) (*Response, error) {
	if !e.gate.enter() {
		return nil, errClosed
	}
	request, err := e.httpRequest(ctx, r)
	if err != nil {
		e.gate.leave()
		return nil, err
	}
	request.Header["Accept-Encoding"] = identityEncoding
	w := &recorder{answer: answer{header: http.Header{}, method: r.Method}}
	if r.mayBeLeft() {
		err = e.handleApart(ctx, w, request)
	} else {
		err = e.handle(w, request)
		e.gate.leave()
	}
	if err != nil {
		return nil, err
	}
	if w.tooLarge {
		return nil, fmt.Errorf("%w: more than %d MiB", ErrTooLarge, MaxResponse>>20)
	}
	w.begin(http.StatusOK, nil)
	if ctx.Err() != nil && w.status >= http.StatusBadRequest {
		// PocketBase knows no such case and calls it a bad request.
		return nil, fmt.Errorf("the request was given up: %w", context.Cause(ctx))
	}
	return &Response{Status: w.status, Header: w.sent, Body: w.body.Bytes()}, nil
}

// handle turns a panic into an error, as net/http's server would survive it.
func (e *embedded) handle(w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler {
				e.app.Logger().Error("panic in a handler", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			}
			err = fmt.Errorf("%w: it gave up on the request: %v", ErrUnavailable, p)
		}
	}()
	e.handler.ServeHTTP(w, r)
	return nil
}

// recorder keeps an answer in memory.
type recorder struct {
	answer
	body     bytes.Buffer
	tooLarge bool
}

func (w *recorder) WriteHeader(status int) { w.begin(status, nil) }

func (w *recorder) Write(p []byte) (int, error) {
	w.begin(http.StatusOK, p)
	if !w.hasBody() {
		return len(p), nil
	}
	if w.body.Len()+len(p) > MaxResponse {
		w.tooLarge = true
		return 0, ErrTooLarge
	}
	return w.body.Write(p)
}

// FlushError does nothing: the answer is handed over whole.
func (w *recorder) FlushError() error { return nil }
