package session

import (
	"context"
	"crypto/rand"
	"sync"
	"time"
)

// Store keeps sessions. Reads are from memory; each change is one write to the
// file, on the disk when the call returns. All methods may be called at once.
type Store struct {
	memory
	file *file

	// writing makes one change of file and memory at a time, so that the two
	// never disagree about which came last. SQLite has one writer anyway.
	writing sync.Mutex

	stop    context.CancelFunc
	stopped chan struct{}
}

// sweepEvery is how often expired sessions are removed. They are refused from
// the moment they expire; this only gives their room back.
const sweepEvery = 10 * time.Minute

// Open reads the sessions of a file, which is made at mode 0600 if it is not
// there. One process may have it open at a time. What was loaded is proved
// again at its first use. Close ends it.
func Open(path string) (*Store, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	s := &Store{memory: newMemory(), file: f, stopped: make(chan struct{})}
	sessions, err := f.load(time.Now())
	if err != nil {
		_ = f.close()
		return nil, err
	}
	for _, session := range sessions {
		s.add(session)
	}
	if s.spent, err = f.loadSpent(time.Now()); err != nil {
		_ = f.close()
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go s.sweep(ctx)
	return s, nil
}

// Close ends the store. Sessions stay in the file.
func (s *Store) Close() error {
	s.stop()
	<-s.stopped
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.file.close()
}

// Create begins a session and gives it its ID, and Created unless that is set.
func (s *Store) Create(ctx context.Context, session Session) (Session, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	session.ID = rand.Text() // 130 random bits
	if session.Created.IsZero() {
		session.Created = time.Now()
	}
	if err := s.file.insert(ctx, session); err != nil {
		return Session{}, err
	}
	s.add(session)
	return session, nil
}

// Get is a live session.
func (s *Store) Get(id string) (Session, bool) {
	session, ok := s.get(id)
	if !ok || !time.Now().Before(session.Expires) {
		return Session{}, false
	}
	return session, true
}

// Len counts the sessions, those included that expired since the last sweep.
func (s *Store) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.live)
}

// Renew puts a fresh upstream token into a session. proved is when the request
// for it was begun. The error is ErrGone if the session has ended.
func (s *Store) Renew(ctx context.Context, id, upstream string, expires, proved time.Time) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if _, ok := s.Get(id); !ok {
		return ErrGone
	}
	if err := s.file.renew(ctx, id, upstream, expires); err != nil {
		return err
	}
	renewed := s.change(id, func(e *entry) {
		e.Upstream, e.Expires = upstream, expires
		e.prove(proved)
	})
	if !renewed {
		return ErrGone // deleted meanwhile; its row is about to follow
	}
	return nil
}

// Proved notes that PocketBase accepted the session's token. began is when it
// was asked: an answer to a question from before Suspect proves nothing. It is
// kept in memory alone.
func (s *Store) Proved(id string, began time.Time) {
	s.change(id, func(e *entry) { e.prove(began) })
}

// Suspect makes every session of a record be proved at its next use.
func (s *Store) Suspect(collectionID, recordID string) {
	s.suspect(owner{collectionID, recordID}, time.Now())
}

// Delete ends a session. It is refused from now on, even if the file can't be
// written: then the error tells, since the session would come back with a
// restart. It does not end with ctx, whose values alone it takes.
func (s *Store) Delete(ctx context.Context, id string) error {
	s.remove(id)
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.file.delete(context.WithoutCancel(ctx), []string{id})
}

// DeleteRecord ends every session of a record, as Delete does.
func (s *Store) DeleteRecord(ctx context.Context, collectionID, recordID string) error {
	ids := s.removeOwner(owner{collectionID, recordID})
	s.writing.Lock()
	defer s.writing.Unlock()
	ids = append(ids, s.removeOwner(owner{collectionID, recordID})...) // what Create made meanwhile
	return s.file.delete(context.WithoutCancel(ctx), ids)
}

// sweep gives back the room of expired sessions until the store is closed. If
// the file can't be written, the next start leaves them out.
func (s *Store) sweep(ctx context.Context) {
	defer close(s.stopped)
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			s.writing.Lock()
			_ = s.file.delete(ctx, s.removeExpired(now))
			s.removeSpent(now)
			_ = s.file.deleteSpent(ctx, now)
			s.writing.Unlock()
		}
	}
}
