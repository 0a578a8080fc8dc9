package cache

import "time"

// Made finds what Make kept, if it is not older than within.
func (c *Cache) Made(key []byte, within time.Duration) (Answer, bool) {
	s := c.store.Load()
	if s == nil {
		return Answer{}, false
	}
	now := c.now()
	return s.get(key, false, func(h head) bool {
		return now-h.born <= min(h.ttl, within) && !c.versions.outdated(&h)
	})
}

// Begin is the basis of what is going to be made of answers that are found from now on.
func (c *Cache) Begin() Basis { return Basis{Since: c.versions.now()} }

// Make keeps what was made of answers, which is outdated as soon as one of them is. It
// is made anew in the last part of their time, in which they are renewed.
func (c *Cache) Make(key []byte, a *Answer) {
	s := c.store.Load()
	if s == nil || c.versions.changed(a.Since, a.On) {
		return
	}
	a.TTL = a.TTL / 4 * 3
	s.put(key, a, a.TTL)
}
