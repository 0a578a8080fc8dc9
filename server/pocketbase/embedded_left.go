package pocketbase

import (
	"context"
	"fmt"
	"net/http"
)

// LeftError says that ctx ended before a write did. It goes on by itself, and what
// becomes of it is not known.
type LeftError struct {
	Ended <-chan struct{} // closed when the write has ended
	cause error
}

func (e *LeftError) Error() string { return fmt.Sprintf("the write was left to itself: %v", e.cause) }
func (e *LeftError) Unwrap() error { return e.cause }

// mayBeLeft tells whether nobody is asked on the way: whoever asks is gone then.
func (r *Request) mayBeLeft() bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead && r.OnSignUp == nil
}

// handleApart runs the handler in a goroutine of its own, which holds the gate
// until it ends. Who is left behind keeps the recorder; the body stays its
// giver's, and reading on in it fails.
func (e *embedded) handleApart(ctx context.Context, w *recorder, r *http.Request) (err error) {
	ended := make(chan struct{})
	var handled error
	go func() {
		defer e.gate.leave()
		defer close(ended)
		handled = e.handle(w, r)
	}()
	select {
	case <-ended:
		return handled
	case <-ctx.Done():
		return &LeftError{ended, context.Cause(ctx)}
	}
}
