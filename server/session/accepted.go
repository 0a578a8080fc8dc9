package session

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"time"
)

// TokenID is the ID of the session that a token of PocketBase's own stands for
// until it is exchanged. It tells nothing of the token.
func TokenID(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "pb-" + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])
}

// Accepted is a token that was accepted, if it is still known.
func (m *Manager) Accepted(id string) (Session, bool) { return m.memory.get(id, time.Now()) }

// Spent tells whether the token with that ID was exchanged for a session.
func (m *Manager) Spent(ctx context.Context, id string) (bool, error) { return m.store.Spent(ctx, id) }

// Accept keeps a token that PocketBase has just said to hold, and tells whether
// it may be used: not once it was exchanged. It is kept in memory alone: one that
// had to go is proved again at its next use.
func (m *Manager) Accept(ctx context.Context, s Session) (bool, error) {
	for {
		if _, known := m.memory.get(s.ID, time.Now()); known {
			m.Proved(s.ID, s.Proved)
			return true, nil
		}
		moment := m.memory.moment()
		spent, err := m.store.Spent(ctx, s.ID)
		if spent || err != nil {
			return false, err
		}
		if m.memory.add(s, moment) {
			return true, nil
		}
	}
}

// Exchange begins a session in place of an accepted token, which is spent from
// then on: its ID is kept until it expires. What was counted for the token counts
// for the session. The error is ErrSpent if it was spent before.
func (m *Manager) Exchange(ctx context.Context, r Rules, token, s Session) (Session, error) {
	s = begun(s)
	if err := m.store.Exchange(ctx, token, s); err != nil {
		return Session{}, err
	}
	m.memory.forget(token.ID)
	m.tallies.move(token.ID, s.ID)
	m.counts.SessionsOpened.Inc()
	return s, m.trim(ctx, r, s.user())
}

// spend has those of the ids that are accepted tokens refused from now on.
func (m *Manager) spend(ctx context.Context, ids []string) error {
	var errs []error
	for _, id := range ids {
		if token, known := m.memory.get(id, time.Now()); known && token.Accepted {
			errs = append(errs, m.store.Spend(ctx, token))
		}
	}
	return errors.Join(errs...)
}

// Forget drops an accepted token.
func (m *Manager) Forget(id string) { m.memory.forget(id) }
