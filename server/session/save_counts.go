package session

import (
	"context"
	"slices"
	"time"
)

// saveCounts drops the tallies that did not change since they were written down, and
// writes down the others.
func (m *Manager) saveCounts(ctx context.Context) error {
	m.tallies.saving.Lock()
	defer m.tallies.saving.Unlock()
	m.tallies.dropSaved(m.known)
	return m.writeCounts(ctx)
}

// makeRoom, if there is none, writes down all tallies first and then drops them. It
// leaves those of accepted tokens that are in memory.
func (m *Manager) makeRoom(ctx context.Context) error {
	if !m.tallies.full() {
		return nil
	}
	m.tallies.saving.Lock()
	defer m.tallies.saving.Unlock()
	if !m.tallies.full() {
		return nil // another has made it meanwhile
	}
	err := m.writeCounts(context.WithoutCancel(ctx)) // it is not for this caller alone
	m.tallies.dropSaved(m.known)
	return err
}

// atOnce is how many tallies one write is of, so that sign-ins, which use the same
// file, wait for no more than these.
const atOnce = 1000

// writeCounts needs the lock for saving.
func (m *Manager) writeCounts(ctx context.Context) error {
	for ids := range slices.Chunk(m.tallies.changed(), atOnce) {
		taken := m.tallies.take(ids)
		if err := m.store.SetCounts(ctx, taken); err != nil {
			m.tallies.giveBack(taken)
			return err
		}
	}
	return nil
}

// known tells whether an accepted token is in memory.
func (m *Manager) known(id string) bool {
	_, ok := m.memory.get(id, time.Now())
	return ok
}
