package session

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/hapta/hapta/server/metrics"
)

// Manager is who is signed in. Requests are answered from memory, and from the
// store alone for a session that was not used lately. It is safe for concurrent
// use.
type Manager struct {
	memory  memory
	tallies tallies
	store   Store
	tokens  *tokens
	log     *slog.Logger
	counts  *metrics.Metrics
	onEnd   func(ids []string)

	stop    context.CancelFunc
	stopped chan struct{}
}

// NewManager takes over the store, and the secrets that tokens are signed with,
// of 32 bytes or more each: the first signs, all verify.
func NewManager(store Store, secrets [][]byte, log *slog.Logger, counts *metrics.Metrics) (*Manager, error) {
	t, err := newTokens(secrets)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	m := &Manager{memory: newMemory(), tallies: newTallies(), store: store, tokens: t, log: log, counts: counts, onEnd: func([]string) {}, stop: stop, stopped: make(chan struct{})}
	go m.sweep(ctx)
	return m, nil
}

// OnEnd has f told of sessions that were ended before their time. It is to be
// called before the first use; f may be called by several goroutines.
func (m *Manager) OnEnd(f func(ids []string)) { m.onEnd = f }

// Close ends the manager and its store, which keeps the sessions, when they were
// used, and what is counted of them.
func (m *Manager) Close() error {
	m.stop()
	<-m.stopped
	ctx := context.Background()
	return errors.Join(m.saveUses(ctx, time.Now()), m.saveCounts(ctx), m.store.Close())
}

// Create begins a session with a seed of its own. It gives it its ID, and ends
// the oldest of the user's if there are too many.
func (m *Manager) Create(ctx context.Context, r Rules, s Session) (Session, error) {
	s = begun(s)
	moment := m.memory.moment()
	if err := m.store.Insert(ctx, s); err != nil {
		return Session{}, err
	}
	m.memory.add(s, moment) // or it is read when it is used
	m.counts.SessionsOpened.Inc()
	return s, m.trim(ctx, r, s.user())
}

func begun(s Session) Session {
	now := time.Now()
	s.ID, s.Seed = rand.Text(), make([]byte, 32) // 130 random bits, and 256
	_, _ = rand.Read(s.Seed)                     // it cannot fail
	s.Generation, s.Confirmed = 0, 0
	s.Created, s.Used, s.Rolled = now, now, now
	return s
}

// trim ends the oldest sessions of a user who has too many.
func (m *Manager) trim(ctx context.Context, r Rules, u user) error {
	if r.MaxPerUser == 0 {
		return nil
	}
	all, err := m.store.List(ctx, u.collection, u.record, 0)
	if err != nil || len(all) <= r.MaxPerUser {
		return err
	}
	return m.End(ctx, idsOf(all[:len(all)-r.MaxPerUser])...)
}

// Get is a live session. The error is ErrGone, or the store's.
func (m *Manager) Get(ctx context.Context, id string) (Session, error) {
	for {
		if s, ok := m.memory.get(id, time.Now()); ok {
			return s, nil
		}
		moment := m.memory.moment()
		s, err := m.store.Load(ctx, id)
		if err != nil {
			return Session{}, err
		}
		if m.memory.add(s, moment) && m.memory.refuses(id) {
			return Session{}, ErrGone // though the store has it still
		}
	}
}

// Proved notes that PocketBase accepted the session's token. began is when it
// was asked: an answer to a question from before Suspect proves nothing. It is
// kept in memory alone.
func (m *Manager) Proved(id string, began time.Time) {
	m.memory.prove(id, began)
}

// Suspect makes every session of a user be proved at its next use.
func (m *Manager) Suspect(collectionID, recordID string) {
	m.memory.suspect(user{collectionID, recordID}, time.Now())
}

// SuspectAll makes every session of everybody be proved at its next use.
func (m *Manager) SuspectAll() { m.memory.suspectAll(time.Now()) }

// End ends sessions. They are refused from now on, even if the store can't be
// written: then the error tells, since they would come back with a restart. A
// token that was accepted is spent. It does not end with ctx, whose values alone
// it takes.
func (m *Manager) End(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	err := m.spend(ctx, ids)
	m.memory.end(ids)
	m.tallies.drop(ids)
	m.onEnd(ids)
	m.counts.SessionsEnded.Add(len(ids))
	if err := errors.Join(err, m.store.Delete(ctx, ids)); err != nil {
		return err
	}
	m.memory.deleted(ids)
	return nil
}

// EndUser ends all sessions of a user, or of a collection if the record is empty,
// but one, if any is named, as End does. It returns how many.
func (m *Manager) EndUser(ctx context.Context, collectionID, recordID, but string) (int, error) {
	u := user{collectionID, recordID}
	m.memory.suspect(u, time.Now()) // what opens meanwhile is proved
	ids := m.memory.of(u)
	all, err := m.store.List(context.WithoutCancel(ctx), collectionID, recordID, 0)
	ids = append(ids, idsOf(all)...)
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == but })
	return len(ids), errors.Join(err, m.End(ctx, ids...))
}

// List is the newest sessions of a user, or of a collection if the record is
// empty, the oldest of them first; 0: all.
func (m *Manager) List(ctx context.Context, collectionID, recordID string, newest int) ([]Session, error) {
	all, err := m.store.List(ctx, collectionID, recordID, newest)
	now := time.Now()
	for i, s := range all {
		if fresh, ok := m.memory.get(s.ID, now); ok {
			all[i] = fresh
		}
	}
	return all, err
}

func idsOf(all []Session) []string {
	ids := make([]string, len(all))
	for i, s := range all {
		ids[i] = s.ID
	}
	return ids
}

// swap puts next in the place of old, in the store and here. It reports false
// if old is not what the session is any more.
func (m *Manager) swap(ctx context.Context, old, next Session) (bool, error) {
	done, err := m.store.Swap(ctx, old, next)
	if err != nil || !done {
		m.memory.forget(old.ID)
		return false, err
	}
	m.memory.swapped(next)
	return true, nil
}
