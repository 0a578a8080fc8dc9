package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"time"
)

// maxAccepted bounds how many of PocketBase's own tokens are kept in memory.
// One that had to go is proved again at its next use.
const maxAccepted = 10_000

// TokenID is the ID of the session that a token of PocketBase's own stands for
// until it is exchanged. It tells nothing of the token.
func TokenID(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "pb-" + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])
}

// Accept keeps a token that PocketBase has just said to hold, and tells whether
// it may be used: not once it was exchanged.
func (s *Store) Accept(session Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, spent := s.spent[session.ID]; spent {
		return false
	}
	if !session.Proved.After(s.suspected) {
		session.Proved = time.Time{} // it may be an answer to a question from before
	}
	if e, known := s.live[session.ID]; known {
		e.prove(session.Proved)
		return true
	}
	s.put(session)
	s.accepted = append(s.accepted, session.ID)
	for len(s.accepted) > maxAccepted {
		if e, ok := s.live[s.accepted[0]]; ok {
			s.drop(e)
		}
		s.accepted = s.accepted[1:]
	}
	return true
}

// Forget drops an accepted token.
func (s *Store) Forget(id string) { s.remove(id) }

// Spent tells whether the token with that ID was exchanged for a session.
func (s *Store) Spent(id string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, spent := s.spent[id]
	return spent
}

// Exchange begins a session in place of an accepted token, which is spent from
// then on: its ID is kept until it expires. The error is ErrSpent if it was
// spent before.
func (s *Store) Exchange(ctx context.Context, token, session Session) (Session, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.Spent(token.ID) {
		return Session{}, ErrSpent
	}
	session.ID, session.Created = rand.Text(), time.Now()
	if err := s.file.exchange(ctx, token, session); err != nil {
		return Session{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spent[token.ID] = token.Expires
	if e, ok := s.live[token.ID]; ok {
		s.drop(e)
	}
	s.put(session)
	return session, nil
}

func (m *memory) removeSpent(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, expires := range m.spent {
		if !now.Before(expires) {
			delete(m.spent, id)
		}
	}
}

// exchange writes both rows or none.
func (f *file) exchange(ctx context.Context, token, session Session) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return failed("kept", err)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO spent VALUES (?, ?)", token.ID, token.Expires.UnixMilli())
	if err == nil {
		err = insert(ctx, tx, session)
	}
	if err != nil {
		return failed("kept", errors.Join(err, tx.Rollback()))
	}
	return failed("kept", tx.Commit())
}

func (f *file) deleteSpent(ctx context.Context, now time.Time) error {
	_, err := f.db.ExecContext(ctx, "DELETE FROM spent WHERE expires <= ?", now.UnixMilli())
	return failed("deleted", err)
}

func (f *file) loadSpent(now time.Time) (map[string]time.Time, error) {
	if err := f.deleteSpent(context.Background(), now); err != nil {
		return nil, explain(f.path, err)
	}
	rows, err := f.db.Query("SELECT id, expires FROM spent")
	if err != nil {
		return nil, explain(f.path, err)
	}
	defer func() { _ = rows.Close() }()
	spent := map[string]time.Time{}
	for rows.Next() {
		var id string
		var expires int64
		if err := rows.Scan(&id, &expires); err != nil {
			return nil, explain(f.path, err)
		}
		spent[id] = time.UnixMilli(expires)
	}
	return spent, rows.Err()
}
