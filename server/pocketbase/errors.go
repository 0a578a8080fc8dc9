package pocketbase

import (
	"errors"
	"fmt"
)

var (
	// ErrUnavailable is wrapped by every failure to reach the database.
	ErrUnavailable = errors.New("the database cannot be reached")
	// ErrNotSent is an ErrUnavailable that came before anything was sent: the
	// request has had no effect.
	ErrNotSent = fmt.Errorf("%w: nothing was sent", ErrUnavailable)
	// ErrBusy is an ErrUnavailable too: all connections stayed in use, and
	// nothing was sent.
	ErrBusy = fmt.Errorf("%w: all connections are in use", ErrUnavailable)
	// ErrBody says that the body of the request could not be read.
	ErrBody = errors.New("the request's body cannot be read")
	// ErrCredentials is wrapped when PocketBase does not accept the superuser.
	ErrCredentials = errors.New("the superuser is not accepted")
	// ErrRejected says that PocketBase no longer accepts a user's token.
	ErrRejected = errors.New("the token is not accepted")
	// ErrTooLarge says that an answer exceeds MaxResponse.
	ErrTooLarge = errors.New("the answer of the database is too large")
)

var (
	errClosed = fmt.Errorf("%w: the database is closed", ErrNotSent)
	errOpen   = fmt.Errorf("%w: it has failed and is tried again soon", ErrNotSent)
)

// SetupError is a mistake in how the database is set up, in words for the
// person who can mend it.
type SetupError struct {
	Key    string // the key of hapta.toml or the environment it hangs on
	Reason string // one sentence: what is wrong, and what to do
	Err    error  // the cause; may be nil
}

func (e *SetupError) Error() string {
	return fmt.Sprintf("%s: %s", e.Key, e.Reason)
}

func (e *SetupError) Unwrap() error { return e.Err }
