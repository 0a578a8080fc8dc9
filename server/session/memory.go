package session

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// maxInMemory bounds the sessions in memory, of about a kilobyte each. Others
// are in the store, and come back when they are used.
const maxInMemory = 65_536

// memory holds the sessions in use.
type memory struct {
	mu     sync.RWMutex
	live   map[string]*entry
	byUser map[user]map[string]*entry

	ended     map[string]bool // sessions that the store may still have
	changes   uint64          // of what the store says, so that a late reader of it knows
	suspected time.Time       // when a user, whoever it was, was suspected last
	limit     int
}

type entry struct {
	Session
	suspected time.Time    // proofs that began no later than this count for nothing
	used      atomic.Int64 // Unix milliseconds
	saved     int64        // as the store has it
}

func (e *entry) prove(t time.Time) {
	if t.After(e.suspected) && t.After(e.Proved) {
		e.Proved = t
	}
}

func (e *entry) session() Session {
	s := e.Session
	s.Used = time.UnixMilli(e.used.Load())
	return s
}

func newMemory() memory {
	return memory{live: map[string]*entry{}, byUser: map[user]map[string]*entry{}, ended: map[string]bool{}, limit: maxInMemory}
}

// get is a session that has not expired, used now.
func (m *memory) get(id string, now time.Time) (Session, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	e, ok := m.live[id]
	if !ok || !now.Before(e.Expires) {
		return Session{}, false
	}
	return e.session(), true
}

// touch notes a use.
func (m *memory) touch(id string, now time.Time) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if e, ok := m.live[id]; ok {
		e.used.Store(now.UnixMilli())
	}
}

// moment is to be taken before the store is read, for add.
func (m *memory) moment() uint64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.changes
}

// add takes in what the store had at a moment. It reports false if that may
// have changed since: then the store is to be read again.
func (m *memory) add(s Session, moment uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.changes != moment {
		return false
	}
	if !m.ended[s.ID] {
		m.put(s)
	}
	return true
}

// put needs the lock. A proof that began before anybody was suspected may be an
// answer from before.
func (m *memory) put(s Session) {
	if !s.Proved.After(m.suspected) {
		s.Proved = time.Time{}
	}
	e := &entry{Session: s, suspected: m.suspected, saved: s.Used.UnixMilli()}
	e.used.Store(e.saved)
	for len(m.live) >= m.limit {
		m.evict()
	}
	m.live[s.ID] = e
	if m.byUser[e.user()] == nil {
		m.byUser[e.user()] = map[string]*entry{}
	}
	m.byUser[e.user()][s.ID] = e
}

// evict drops the one among a few that was not used for longest: a map is walked
// from anywhere, and that is nearly as good as keeping them in order.
func (m *memory) evict() {
	const few = 8
	var oldest *entry
	n := 0
	for _, e := range m.live {
		if oldest == nil || e.used.Load() < oldest.used.Load() {
			oldest = e
		}
		if n++; n == few {
			break
		}
	}
	m.drop(oldest)
}

// prove notes a proof that began then.
func (m *memory) prove(id string, began time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.live[id]; ok {
		e.prove(began)
	}
}

// swapped takes in what a session has become in the store.
func (m *memory) swapped(next Session) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	if e, ok := m.live[next.ID]; ok {
		began := next.Proved
		next.Proved = e.Proved
		e.Session = next
		e.prove(began)
	}
}

// forget has a session read again from the store.
func (m *memory) forget(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	if e, ok := m.live[id]; ok {
		m.drop(e)
	}
}

// end refuses sessions from now on, whatever the store says of them.
func (m *memory) end(ids []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	for _, id := range ids {
		m.ended[id] = true
		if e, ok := m.live[id]; ok {
			m.drop(e)
		}
	}
}

// refuses tells whether a session has ended that the store may still have.
func (m *memory) refuses(id string) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.ended[id]
}

// deleted says that the store has sessions no more that were ended.
func (m *memory) deleted(ids []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	for _, id := range ids {
		delete(m.ended, id)
	}
}

// undeleted is what the store may still have of what has ended.
func (m *memory) undeleted() []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return slices.Collect(maps.Keys(m.ended))
}

// suspect forgets every proof of a user's sessions.
func (m *memory) suspect(u user, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.suspected = now
	for _, e := range m.byUser[u] {
		e.suspected, e.Proved = now, time.Time{}
	}
}

// suspectAll forgets every proof.
func (m *memory) suspectAll(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.suspected = now
	for _, e := range m.live {
		e.suspected, e.Proved = now, time.Time{}
	}
}

// of is the ids of the sessions here of a user, or of a collection if the record
// is empty.
func (m *memory) of(u user) (ids []string) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if u.record != "" {
		return slices.Collect(maps.Keys(m.byUser[u]))
	}
	for id, e := range m.live {
		if e.CollectionID == u.collection {
			ids = append(ids, id)
		}
	}
	return ids
}

// unsaved is when sessions were used that the store knows of another use of.
// Those that have expired go.
func (m *memory) unsaved(now time.Time) map[string]time.Time {
	used, expired := map[string]time.Time{}, []string{}
	m.mu.RLock() // so that many sessions hold up no request
	for id, e := range m.live {
		switch at := e.used.Load(); {
		case !now.Before(e.Expires):
			expired = append(expired, id)
		case at != e.saved && !e.Accepted:
			e.saved = at // which nobody else looks at
			used[id] = time.UnixMilli(at)
		}
	}
	m.mu.RUnlock()
	for _, id := range expired {
		m.forget(id)
	}
	return used
}

// drop needs the lock.
func (m *memory) drop(e *entry) {
	delete(m.live, e.ID)
	delete(m.byUser[e.user()], e.ID)
	if len(m.byUser[e.user()]) == 0 {
		delete(m.byUser, e.user())
	}
}
