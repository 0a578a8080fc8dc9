package coherence

import (
	"sync"
	"sync/atomic"
	"time"
)

// ledger knows of each record which versions were written, and when that was answered.
// Versions grow from one write to the next, whatever is written; a record that is gone
// has the version of its end.
var ledger struct {
	last    atomic.Int64
	records map[string]*entry // by placeOf
}

type entry struct {
	writing sync.Mutex // held while the record is written, so that its versions grow in time too

	mu     sync.Mutex
	writes []write
}

type write struct {
	version int64
	through bool // the gateway, so that it knows at once
	at      time.Time
}

func placeOf(collection, id string) string { return collection + "/" + id }

func (e *entry) note(version int64, through bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.writes = append(e.writes, write{version, through, time.Now()})
}

// least is the version that a reader must be shown, or a later one, who began at a time
// and whom changes behind the gateway's back may reach so much later.
func (e *entry) least(began time.Time, lag time.Duration) int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := len(e.writes) - 1; i >= 0; i-- {
		w := e.writes[i]
		if w.through && !w.at.After(began) || !w.at.Add(lag).After(began) {
			return w.version
		}
	}
	return 0
}
