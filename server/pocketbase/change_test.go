package pocketbase

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// changes keeps what a database tells.
type changes struct {
	*testing.T
	db   *Database
	mu   sync.Mutex
	told []Change
}

func watched(t *testing.T, d *Database) *changes {
	c := &changes{T: t, db: d}
	d.OnChange(func(change Change) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.told = append(c.told, change)
	})
	return c
}

// take returns what was told since it was taken last.
func (c *changes) take() []Change {
	c.mu.Lock()
	defer c.mu.Unlock()
	told := c.told
	c.told = nil
	return told
}

// of is a record's change, by the name of its collection.
func (c *changes) of(collection, id string) Change {
	c.Helper()
	in := c.db.Schema().Find(collection)
	if in == nil {
		c.Fatalf("there is no %s", collection)
	}
	return Change{CollectionID: in.ID(), RecordID: id}
}

// are asserts that just these were told, in any order, each perhaps several times.
func (c *changes) are(what string, want ...Change) {
	c.Helper()
	told := c.take()
	for _, w := range want {
		if !slices.Contains(told, w) {
			c.Errorf("%s: %v is not told, but %v", what, w, told)
		}
	}
	for _, got := range told {
		if !slices.Contains(want, got) {
			c.Errorf("%s: %v is told", what, got)
		}
	}
}

// await waits until all of these have been told.
func (c *changes) await(what string, want ...Change) {
	c.Helper()
	c.until(what, func() bool {
		told := c.take()
		want = slices.DeleteFunc(want, func(w Change) bool { return slices.Contains(told, w) })
		return len(want) == 0
	})
}

// live waits until the database says that it is, or no longer is.
func (c *changes) live(want bool) {
	c.Helper()
	c.until("live", func() bool { return c.db.Live() == want })
}

func (c *changes) until(what string, happened func() bool) {
	c.Helper()
	for !happened() {
		select {
		case <-c.Context().Done():
			c.Fatalf("%s: it never happens", what)
		case <-time.After(time.Millisecond):
		}
	}
}
