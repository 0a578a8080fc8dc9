package session

import (
	"sync"
	"time"
)

// memory holds every live session. Requests read here and nowhere else.
type memory struct {
	mu      sync.RWMutex
	live    map[string]*entry
	byOwner map[owner]map[string]*entry

	accepted  []string             // ids of accepted tokens, the oldest first
	spent     map[string]time.Time // ids of tokens that were exchanged, until they expire
	suspected time.Time            // when an owner, whoever it was, was suspected last
}

// owner is the record that signed in.
type owner struct{ collection, record string }

type entry struct {
	Session
	suspected time.Time // proofs that began no later than this count for nothing
}

func (e *entry) owner() owner { return owner{e.CollectionID, e.RecordID} }

func (e *entry) prove(t time.Time) {
	if t.After(e.suspected) && t.After(e.Proved) {
		e.Proved = t
	}
}

func newMemory() memory {
	return memory{live: map[string]*entry{}, byOwner: map[owner]map[string]*entry{}, spent: map[string]time.Time{}}
}

func (m *memory) get(id string) (Session, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if e, ok := m.live[id]; ok {
		return e.Session, true
	}
	return Session{}, false
}

func (m *memory) add(s Session) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(s)
}

// put needs the lock.
func (m *memory) put(s Session) {
	e := &entry{Session: s}
	m.live[s.ID] = e
	if m.byOwner[e.owner()] == nil {
		m.byOwner[e.owner()] = map[string]*entry{}
	}
	m.byOwner[e.owner()][s.ID] = e
}

// change lets f change a session under the lock; false: it has ended.
func (m *memory) change(id string, f func(*entry)) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.live[id]
	if ok {
		f(e)
	}
	return ok
}

// suspect forgets every proof of an owner's sessions.
func (m *memory) suspect(o owner, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.suspected = now
	for _, e := range m.byOwner[o] {
		e.suspected, e.Proved = now, time.Time{}
	}
}

func (m *memory) remove(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.live[id]; ok {
		m.drop(e)
	}
}

// removeOwner ends all sessions of an owner and returns their ids.
func (m *memory) removeOwner(o owner) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []string
	for id, e := range m.byOwner[o] {
		ids = append(ids, id)
		m.drop(e)
	}
	return ids
}

// removeExpired ends what has expired by now. It looks for them under the read
// lock, so that a large store holds up no request.
func (m *memory) removeExpired(now time.Time) []string {
	var ids []string
	m.mu.RLock()
	for id, e := range m.live {
		if !now.Before(e.Expires) {
			ids = append(ids, id)
		}
	}
	m.mu.RUnlock()
	for _, id := range ids {
		m.remove(id)
	}
	return ids
}

// drop needs the lock.
func (m *memory) drop(e *entry) {
	delete(m.live, e.ID)
	delete(m.byOwner[e.owner()], e.ID)
	if len(m.byOwner[e.owner()]) == 0 {
		delete(m.byOwner, e.owner())
	}
}
