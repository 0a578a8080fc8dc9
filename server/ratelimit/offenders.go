package ratelimit

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Whoever is refused now and then is not put off: refusals are forgotten at the
// rate of one a second, and those of the first moments count for nothing, for they may
// have been under way already. Who is refused more often is put off, each time for
// twice as long.
var refusals = Limit{Burst: 30, Every: time.Second}

const (
	unaware       = 5 * time.Second  // from the first refusal
	calm          = 10 * time.Second // after as long without any, the next one is the first again
	firstPutOff   = 10 * time.Second
	longestPutOff = 10 * time.Minute // and after as long without a refusal it begins anew
	maxOffences   = 1 << 16          // bounds those that are remembered, some 300 bytes each
)

// Offenders are those who go on asking for what they are refused. It is safe for
// concurrent use.
type Offenders struct {
	mu    sync.Mutex
	byKey map[Key]*Offence
}

// Offence is what is known of one of them.
type Offence struct {
	Key
	Since   time.Time // of the first refusal
	Until   time.Time // they are put off
	Times   int       // they were put off
	Refused int       // times they were refused

	run  time.Time // when they were refused first, since they were last calm
	last time.Time // refusal
	paid time.Time // until when their refusals are forgotten
}

// NewOffenders knows of nobody.
func NewOffenders() *Offenders { return &Offenders{byKey: map[Key]*Offence{}} }

// Refused notes that a key was refused. When that was once too often it returns
// the offence, by which the key is put off from now on.
func (o *Offenders) Refused(k Key, now time.Time) (Offence, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	e := o.of(k, now)
	if e.Refused++; now.Sub(e.last) > calm {
		e.run = now
	}
	e.last = now
	if now.Sub(e.run) < unaware || e.Until.After(now) {
		return Offence{}, false // they may not know yet, or are put off already
	}
	if e.paid.Before(now) {
		e.paid = now
	}
	if e.paid = e.paid.Add(refusals.Every); e.paid.Sub(now) <= refusals.window() {
		return Offence{}, false
	}
	e.Until = now.Add(min(longestPutOff, firstPutOff<<min(e.Times, 16)))
	e.Times++
	e.paid = now
	return *e, true
}

// of needs the lock.
func (o *Offenders) of(k Key, now time.Time) *Offence {
	e, known := o.byKey[k]
	if known && now.Sub(e.last) < longestPutOff {
		return e
	}
	if !known && len(o.byKey) >= maxOffences {
		drop(o.byKey, func(x, y *Offence) bool { return x.last.Before(y.last) })
	}
	e = &Offence{Key: k, Since: now}
	o.byKey[k] = e
	return e
}

// PutOff is those who are put off, who is for longest first.
func (o *Offenders) PutOff(now time.Time) (all []Offence) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, e := range o.byKey {
		if e.Until.After(now) {
			all = append(all, *e)
		}
	}
	slices.SortFunc(all, func(x, y Offence) int { return cmp.Or(y.Until.Compare(x.Until), cmp.Compare(x.What, y.What)) })
	return all
}

// Forget forgets what a caller did, and returns the keys that were put off.
func (o *Offenders) Forget(who Caller, now time.Time) (keys []Key) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for k, e := range o.byKey {
		if k.Who != who {
			continue
		}
		delete(o.byKey, k)
		if e.Until.After(now) {
			keys = append(keys, k)
		}
	}
	return keys
}
