package session

import "strings"

// tally is what a session has used so far of what it may use only so often.
type tally struct {
	counts   map[string]int64
	changed  bool // since it was written down
	accepted bool // of an accepted token, and in memory alone like that
}

// count counts n uses if no more than most come of it, and tells what is left.
func (t *tally) count(what string, n, most int64) (left int64, err error) {
	left = max(0, most-t.counts[what]) // most may have been more before
	if n > left {
		return left, ErrUsedUp
	}
	t.add(what, n)
	return left - n, nil
}

// add copies what it has not counted before, which may lie in a buffer of the
// request's.
func (t *tally) add(what string, n int64) {
	before, known := t.counts[what]
	if !known {
		what = strings.Clone(what)
	}
	if after := max(0, before+n); after != before {
		t.counts[what], t.changed = after, true
	}
}
