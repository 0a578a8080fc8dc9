package watch

import (
	"io/fs"
	"time"

	"github.com/hapta/hapta/server/policy"
)

// racy is how fresh a file's time of modification may be, when it is read, to
// mean nothing: clocks of file systems tick in steps, and two writes in one
// step look alike. Such a file is read again at the next look.
const racy = 2 * time.Second

// file is one policy file, through all its versions.
type file struct {
	stem  string
	seen  sight
	since time.Time // of the last sign of a change
	gone  bool      // for good

	loading <-chan loaded // what is being loaded; nil: nothing

	// What was read last. A nil state: nothing, or it is to be read again.
	state  fs.FileInfo
	at     time.Time
	judged digest // of the content that the loader was given last
	answer error  // what the loader said to it

	fault    error  // why the file cannot be used as it is now
	reported string // the fault that was logged

	// What is published: a policy, or why there has never been one.
	policy  *policy.Policy
	sum     digest
	refused error
}

// notice takes in what a listing shows, and tells whether the file came back
// before it was given up.
func (fl *file) notice(s sight, now time.Time) (back bool) {
	if s.same(fl.seen) {
		return false
	}
	back = fl.seen.missing() && fl.published()
	fl.seen, fl.since = s, now
	return back
}

func (fl *file) published() bool { return fl.policy != nil || fl.refused != nil }

// unread tells whether the content may be another than the one read last.
func (fl *file) unread() bool {
	return fl.state == nil || !unchanged(fl.state, fl.seen.info) ||
		fl.at.Sub(fl.state.ModTime()) < racy
}
