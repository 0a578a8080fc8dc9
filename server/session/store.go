package session

import (
	"context"
	"time"
)

// Store keeps sessions where they outlive the process. Each change is one write,
// and kept when the call returns. All methods may be called at once.
type Store interface {
	Insert(ctx context.Context, s Session) error
	// Load is a session that has not expired. The error is ErrGone if there is none.
	Load(ctx context.Context, id string) (Session, error)
	// Swap puts next in the place of old, if its generations are still old's.
	Swap(ctx context.Context, old, next Session) (bool, error)
	// Delete removes sessions, all or none.
	Delete(ctx context.Context, ids []string) error
	// List is the newest sessions of a user, or of a collection if the record is
	// empty, the oldest of them first; 0: all.
	List(ctx context.Context, collectionID, recordID string, newest int) ([]Session, error)
	// Touch notes when sessions were last used.
	Touch(ctx context.Context, used map[string]time.Time) error
	// Counts is what was counted of a session that has not expired, never nil. The
	// error is ErrGone if there is no such session.
	Counts(ctx context.Context, id string) (map[string]int64, error)
	// SetCounts puts counts of sessions in the place of those from before, all or
	// none. A session that is gone is passed over.
	SetCounts(ctx context.Context, counts map[string]map[string]int64) error
	// Exchange inserts a session and spends an accepted token, or does neither.
	// The error is ErrSpent if the token was spent before.
	Exchange(ctx context.Context, token, s Session) error
	// Spend spends an accepted token for no session.
	Spend(ctx context.Context, token Session) error
	// Spent tells whether the token with that ID was exchanged for a session.
	Spent(ctx context.Context, id string) (bool, error)
	// DeleteExpired gives back the room of what has expired by now.
	DeleteExpired(ctx context.Context, now time.Time) error
	Close() error
}
