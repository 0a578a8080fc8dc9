package session

import (
	"context"
	"errors"
)

// ErrUsedUp is the error of uses that a session has not left.
var ErrUsedUp = errors.New("the session has used up what it may use")

// Count counts n uses of something by a session in all its life, over refreshes and
// restarts, and tells how many are left to it. If they came to more than most, none
// is counted, and the error is ErrUsedUp; it is ErrGone if the session has ended.
//
// What is counted is written down once a minute and by Close: a process that is
// killed may lose what came since. Counts for an accepted token are in memory alone,
// as the token is, until it is exchanged.
func (m *Manager) Count(ctx context.Context, id, what string, n, most int64) (left int64, err error) {
	if gone := m.onTally(ctx, id, func(t *tally) { left, err = t.count(what, n, most) }); gone != nil {
		return 0, gone
	}
	return left, err
}

// Uncount takes back n uses that were counted, as of a request that was refused
// afterwards. It does not end with ctx, whose values alone it takes.
func (m *Manager) Uncount(ctx context.Context, id, what string, n int64) error {
	err := m.onTally(context.WithoutCancel(ctx), id, func(t *tally) { t.add(what, -n) })
	if errors.Is(err, ErrGone) {
		return nil // and its counts with it
	}
	return err
}

func (m *Manager) onTally(ctx context.Context, id string, f func(*tally)) error {
	for !m.tallies.do(id, f) {
		if err := m.readTally(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// readTally brings a session's tally here, unless others are dropped meanwhile: then
// it is to be tried again.
func (m *Manager) readTally(ctx context.Context, id string) error {
	if err := m.makeRoom(ctx); err != nil {
		return err
	}
	moment := m.tallies.moment()
	s, err := m.Get(ctx, id)
	if err != nil {
		return err
	}
	one := &tally{counts: map[string]int64{}, accepted: s.Accepted}
	if !s.Accepted {
		if one.counts, err = m.store.Counts(ctx, id); err != nil {
			return err
		}
	}
	m.tallies.put(s.ID, one, moment)
	return nil
}
