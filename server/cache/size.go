package cache

// Resize gives the cache so many bytes, at least LeastSize; 0 is none, and then all is
// asked anew. What it has is dropped if that is another size than before.
func (c *Cache) Resize(size int) {
	c.sizing.Lock()
	defer c.sizing.Unlock()
	if size == c.size {
		return
	}
	c.size = size
	if size == 0 {
		c.store.Store(nil)
		return
	}
	c.store.Store(newStore(size))
}

// Keeps tells whether anything is kept at all.
func (c *Cache) Keeps() bool { return c.store.Load() != nil }

// State is what the cache holds.
type State struct {
	Size      int   // bytes it may take
	Pieces    int64 // kept; a large answer is several
	Evacuated int64 // pieces that had to make room, or, in use, were moved for it; since it has that size
	Refused   int64 // answers that were too large, since it has that size
}

// State tells what the cache holds now.
func (c *Cache) State() State {
	c.sizing.Lock()
	defer c.sizing.Unlock()
	s := c.store.Load()
	if s == nil {
		return State{}
	}
	return State{Size: c.size, Pieces: s.kept.EntryCount(), Evacuated: s.kept.EvacuateCount(), Refused: s.refused.Load()}
}

// Close ends what is being asked, and waits for it.
func (c *Cache) Close() {
	c.flights.mu.Lock()
	for _, f := range c.flights.byKey {
		f.cancel()
	}
	c.flights.mu.Unlock()
	c.flights.running.Wait()
}
