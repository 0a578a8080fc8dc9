package session

import (
	"context"
	"fmt"
	"time"
)

// A session has a newest generation, raised by every roll, and a confirmed one.
// Tokens of any generation between the two live: a client may have lost the
// answer that brought it a newer one. A token that is used well after it was
// issued has arrived and been kept, so its generation is confirmed, and who
// comes with an older one from then on holds a copy.

// Identify is the session that a token speaks for, and the token's generation.
// The error wraps ErrToken or is ErrGone if it speaks for none; it is ErrStolen
// if it was the wrong one of two that hold the session, which has ended then.
func (m *Manager) Identify(ctx context.Context, r Rules, token string) (Session, int64, error) {
	c, err := m.tokens.read(ctx, token, typeAuth, m.Get)
	if err != nil {
		return Session{}, 0, err
	}
	s, err := m.Get(ctx, c.Session)
	if err != nil {
		return Session{}, 0, err
	}
	now := time.Now()
	switch {
	case c.Generation > s.Generation: // the store was set back
		return Session{}, 0, fmt.Errorf("%w: its generation is not there yet", ErrToken)
	case c.Generation < s.Confirmed:
		m.counts.SessionsStolen.Inc()
		m.log.Warn("session revoked: a token came whose successor is in use, so one of the two was stolen", "session", s,
			"generation", c.Generation, "confirmed", s.Confirmed)
		if err := m.End(ctx, s.ID); err != nil {
			m.log.Error("the revoked session would come back with a restart", "session", s, "cause", err)
		}
		return Session{}, 0, ErrStolen
	case c.Generation > s.Confirmed && c.age(now) >= r.Grace:
		s = m.confirm(ctx, s, c.Generation)
	}
	if now.Sub(s.Used) >= time.Second { // or it would have to go from one processor to the other each time
		m.memory.touch(s.ID, now)
	}
	return s, c.Generation, nil
}

// confirm raises the confirmed generation. If it can't be, the next use will.
func (m *Manager) confirm(ctx context.Context, s Session, generation int64) Session {
	next := s
	next.Confirmed = generation
	done, err := m.swap(ctx, s, next)
	if err != nil {
		m.log.Error("a session's token could not be confirmed", "session", s, "cause", err)
	}
	if !done {
		return s
	}
	return next
}

// Renewal is what an authentication call brings a session.
type Renewal struct {
	Upstream        string
	Expires, Proved time.Time
	Device, Address string
}

// Refresh rolls a session for whoever came with a token of the given generation,
// and returns the token that they get. If that one was rolled already, or just
// before, they get another token of the newest generation, and nothing is
// written. The error is ErrGone if the session has ended.
func (m *Manager) Refresh(ctx context.Context, r Rules, id string, generation int64, fresh Renewal) (string, error) {
	for {
		s, err := m.Get(ctx, id)
		if err != nil {
			return "", err
		}
		if generation < s.Generation || s.Generation > 0 && time.Since(s.Rolled) < r.RotateAfter {
			return m.tokens.mint(s)
		}
		next := s
		next.Generation++
		next.Rolled = time.Now()
		next.Upstream, next.Expires, next.Proved = fresh.Upstream, fresh.Expires, fresh.Proved
		next.Device, next.Address = fresh.Device, fresh.Address
		done, err := m.swap(ctx, s, next)
		if err != nil {
			return "", err
		}
		if done {
			m.counts.SessionsRolled.Inc()
			return m.tokens.mint(next)
		}
	}
}

// Mint is a token of a session that was just opened.
func (m *Manager) Mint(s Session) (string, error) { return m.tokens.mint(s) }

// MintFile makes a token that opens protected files for two minutes, as long as
// its session lives.
func (m *Manager) MintFile(s Session) (string, error) { return m.tokens.mintFile(s) }

// IdentifyFile is Identify for the tokens of MintFile.
func (m *Manager) IdentifyFile(ctx context.Context, token string) (Session, error) {
	c, err := m.tokens.read(ctx, token, typeFile, m.Get)
	if err != nil {
		return Session{}, err
	}
	return m.Get(ctx, c.Session)
}
