package httpapi

import (
	"os"
	"time"
)

// patience is how much longer a client may keep the server waiting. Only time
// that is spent waiting counts, and each KiB that moves earns a second, up to the
// whole: a byte every few seconds ends, and whatever moves at a KiB a second goes
// on for as long as it needs.
//
// Whoever waits calls before and after, one at a time.
type patience struct {
	deadline    func(time.Time) error // sets the one of the socket
	whole, left time.Duration         // whole is 0: without end
	set         time.Time             // the deadline that is in force
}

func (p *patience) renew(whole time.Duration) { p.whole, p.left = whole, whole }

// before comes before waiting. A deadline costs more than a look at the clock,
// so that it stays while it is not too early, and at most a quarter too late.
func (p *patience) before(now time.Time) error {
	late := p.whole / 4
	ahead := p.set.Sub(now)
	switch {
	case p.whole > 0 && p.left <= 0:
		return os.ErrDeadlineExceeded
	case p.whole == 0 && p.set.IsZero(), p.whole > 0 && p.left <= ahead && ahead <= p.left+late:
		return nil
	case p.whole == 0:
		p.set = time.Time{}
	default:
		p.set = now.Add(p.left + late)
	}
	return p.deadline(p.set)
}

// after takes off what was waited since, and adds what the bytes earn.
func (p *patience) after(since time.Time, bytes int) {
	earned := time.Duration(bytes) * time.Second >> 10
	p.left = min(p.left-time.Since(since)+earned, p.whole)
}
