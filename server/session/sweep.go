package session

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// sweepEvery is how often uses and counts are written down, and what has expired is
// removed. It is refused from the moment that it expires; this only gives the room
// back.
const sweepEvery = time.Minute

func (m *Manager) sweep(ctx context.Context) {
	defer close(m.stopped)
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if err := m.tidy(ctx, now); err != nil && ctx.Err() == nil {
				m.log.Error("sessions could not be tidied; it is tried again in a minute", "cause", err)
			}
		}
	}
}

func (m *Manager) tidy(ctx context.Context, now time.Time) error {
	errs := []error{m.saveUses(ctx, now), m.saveCounts(ctx)}
	if ids := m.memory.undeleted(); len(ids) > 0 {
		err := m.store.Delete(ctx, ids)
		if err == nil {
			m.memory.deleted(ids)
		}
		errs = append(errs, err)
	}
	if err := m.store.DeleteExpired(ctx, now); err != nil {
		errs = append(errs, fmt.Errorf("of those that have expired: %w", err))
	}
	return errors.Join(errs...)
}

// saveUses writes down when sessions were used.
func (m *Manager) saveUses(ctx context.Context, now time.Time) error {
	used := m.memory.unsaved(now)
	if len(used) == 0 {
		return nil
	}
	return m.store.Touch(ctx, used)
}
