package session

import (
	"errors"
	"log/slog"
	"time"
)

// Session is one sign-in. Times are kept to the millisecond.
type Session struct {
	ID             string // given by Create
	CollectionID   string
	CollectionName string
	RecordID       string
	Upstream       string // PocketBase's own token; it never leaves the server
	Created        time.Time
	Expires        time.Time
	Proved         time.Time // when PocketBase last accepted Upstream; zero: ask it again
	Refreshable    bool
	// Accepted says that this is Upstream itself, which a client holds and has not
	// exchanged for a session yet. Such are kept in memory alone.
	Accepted bool
}

// ErrGone is the error of changing a session that has ended.
var ErrGone = errors.New("the session has ended")

// ErrSpent is the error of exchanging a token a second time.
var ErrSpent = errors.New("the token has been exchanged for a session")

// String names the session without its secrets.
func (s Session) String() string {
	return "session of " + s.CollectionName + "/" + s.RecordID
}

// LogValue is what a log may tell of a session: its id is as good as half a
// token, and Upstream is a whole one.
func (s Session) LogValue() slog.Value {
	return slog.GroupValue(slog.String("collection", s.CollectionName), slog.String("record", s.RecordID))
}
