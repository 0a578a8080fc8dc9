package session

import (
	"errors"
	"log/slog"
	"time"
)

// Session is one sign-in. Times are kept to the millisecond.
type Session struct {
	ID             string // given by Create; it opens nothing without a token
	CollectionID   string
	CollectionName string
	RecordID       string
	Upstream       string // PocketBase's own token; it never leaves the server
	Created        time.Time
	Expires        time.Time
	Proved         time.Time // when PocketBase last accepted Upstream; zero: ask it again
	Refreshable    bool

	Seed       []byte    // random; keys of its tokens are derived from it
	Generation int64     // that of the newest token, raised by every roll
	Confirmed  int64     // the oldest whose tokens live
	Rolled     time.Time // when Generation was last raised

	Device  string    // User-Agent of the last authentication call
	Address string    // where that came from
	Used    time.Time // to the minute after a restart

	// Accepted says that this is Upstream itself, which a client holds and has not
	// exchanged for a session yet. Such are kept in memory alone.
	Accepted bool
}

// Rules are what [sessions] says of tokens and of how many sessions there may be.
type Rules struct {
	Grace       time.Duration // a token used this long after it was issued has arrived
	RotateAfter time.Duration // a refresh this soon after a roll does not roll
	MaxPerUser  int           // the oldest go first; 0: any number
}

var (
	// ErrGone is the error of a session that has ended, or never was.
	ErrGone = errors.New("the session has ended")
	// ErrSpent is the error of exchanging a token a second time.
	ErrSpent = errors.New("the token has been exchanged for a session")
	// ErrStolen is the error of a token that came after its successor was known to
	// have arrived: two hold tokens of one session, which has ended therefore.
	ErrStolen = errors.New("the token was replaced by one that is in use")
)

// String names the session without its secrets.
func (s Session) String() string {
	return "session of " + s.CollectionName + "/" + s.RecordID
}

// LogValue is what a log may tell of a session: Seed and Upstream are secret.
func (s Session) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", s.ID), slog.String("collection", s.CollectionName), slog.String("record", s.RecordID))
}

func (s Session) user() user { return user{s.CollectionID, s.RecordID} }

// user is the record that signed in.
type user struct{ collection, record string }
