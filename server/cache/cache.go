package cache

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Cache is safe for concurrent use.
type Cache struct {
	began    time.Time
	versions *versions
	store    atomic.Pointer[store] // nil: nothing is kept
	sizing   sync.Mutex
	size     int // of store; guarded by sizing
	flights  flights
	renewing chan struct{} // one for each entry that is renewed at the same time
	failed   atomic.Int64  // when the database failed last, by now; 0: it has answered since
}

// New keeps nothing until it is given a size.
func New() *Cache {
	return &Cache{
		began: time.Now(), versions: newVersions(), flights: flights{byKey: map[string]*flight{}},
		renewing: make(chan struct{}, 2*runtime.GOMAXPROCS(0)),
	}
}

// now is by a clock that is never set.
func (c *Cache) now() time.Duration { return time.Since(c.began) }

// Question is what the database would be asked.
type Question struct {
	// Key is all that the answer hangs on. Questions of one key are the same one.
	Key []byte
	// On is what the answer depends on.
	On []Slot
	// TTL is how long an answer is as good as a new one, and Stale for how much longer
	// it can stand in for one that the database fails to give.
	TTL, Stale time.Duration
}

const (
	// maxMissingTTL bounds how long it is kept that something is not there.
	maxMissingTTL = 5 * time.Second
	// renewBound is how long an entry may take to be renewed while it is still good.
	renewBound = 30 * time.Second
)

// ErrPersonal says that the database's answer is for whoever asks alone, by its own
// word, and that the question has to be asked on their behalf.
var ErrPersonal = errors.New("the answer is for one caller alone")

// Read answers from what is kept, or asks the database once for all who ask the same
// at this time. prepare is called, and done with, before Read returns; what it returns
// may be called after that.
func (c *Cache) Read(ctx context.Context, q *Question, prepare func() Fetch) (*Answer, Outcome, error) {
	kept, ok := c.find(q)
	if ok && c.isFresh(ctx, q, &kept, prepare) {
		return &kept, Hit, nil
	}
	if ok && c.isFailing() {
		c.renew(ctx, q, prepare)
		return &kept, Stale, nil
	}
	var fresh Answer
	f := c.join(ctx, q, prepare(), func() (landed bool) {
		fresh, landed = c.find(q)
		return landed && c.now()-fresh.Born <= q.fresh(fresh.Status)
	})
	switch {
	case f == nil:
		return &fresh, Hit, nil
	case ok:
		return c.orStale(ctx, q, f, &kept)
	}
	return told(c.wait(ctx, q, f))
}

// Kept is the part of Read that waits for nothing: what is kept, and as good as new.
func (c *Cache) Kept(ctx context.Context, q *Question, prepare func() Fetch) (*Answer, bool) {
	kept, ok := c.find(q)
	return &kept, ok && c.isFresh(ctx, q, &kept, prepare)
}

// isFresh tells whether an answer is as good as a new one, and has one that is near its
// end renewed.
func (c *Cache) isFresh(ctx context.Context, q *Question, kept *Answer, prepare func() Fetch) bool {
	age, ttl := c.now()-kept.Born, q.fresh(kept.Status)
	if age > ttl/4*3 && age <= ttl {
		c.renew(ctx, q, prepare)
	}
	return age <= ttl
}

func told(answer *Answer, err error) (*Answer, Outcome, error) {
	if err == nil && (answer.Status == http.StatusTooManyRequests || isPersonal(answer.Header)) {
		return nil, Miss, ErrPersonal
	}
	return answer, Miss, err
}

// fresh is how long an answer is as good as a new one.
func (q *Question) fresh(status int) time.Duration {
	if status == http.StatusNotFound {
		return min(q.TTL, maxMissingTTL)
	}
	return q.TTL
}

// find is what is kept and not known to be outdated, though it may be stale.
func (c *Cache) find(q *Question) (Answer, bool) {
	s := c.store.Load()
	if s == nil {
		return Answer{}, false
	}
	now := c.now()
	return s.get(q.Key, true, func(h head) bool {
		return now-h.born <= q.fresh(h.status)+q.Stale && !c.versions.outdated(&h)
	})
}

func isKept(a *Answer) bool {
	return !a.Passing && (a.Status == http.StatusOK || a.Status == http.StatusNotFound) && !isPersonal(a.Header)
}

func (c *Cache) keep(q *Question, f *flight) {
	s := c.store.Load()
	if s == nil || c.versions.changed(f.since, q.On) {
		return
	}
	if !s.put(q.Key, f.answer, f.answer.TTL+q.Stale) {
		s.refused.Add(1)
	}
}

// renew asks anew, before the entry has to be waited for, unless as many are renewed
// already as may be.
func (c *Cache) renew(ctx context.Context, q *Question, prepare func() Fetch) {
	if c.isInFlight(q) {
		return
	}
	select {
	case c.renewing <- struct{}{}:
	default:
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewBound)
	f := c.join(ctx, q, prepare(), func() bool { return false })
	c.flights.running.Go(func() {
		defer cancel()
		_, _ = c.wait(ctx, q, f) // whoever waits next for it is told
		<-c.renewing
	})
}
