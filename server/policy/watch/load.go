package watch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/hapta/hapta/server/policy"
)

// A module that is slow to compile must not keep others from taking effect, so
// each is loaded by a goroutine of its own, and looked for again if it takes long.
const (
	sideBySide = 4                      // loads at once
	takesLong  = 200 * time.Millisecond // before a look goes on without it
	startWaits = 3 * time.Second        // for all that Open finds
)

// errLoading refuses a collection until its policy is there.
var errLoading = errors.New("it is still being compiled; it takes effect when that is done")

// loaded is what came of loading a content.
type loaded struct {
	policy *policy.Policy
	err    error
	sum    digest
}

// begin loads a content that is not the one in force.
func (f *Folder) begin(ctx context.Context, stem string, sum digest, content []byte) <-chan loaded {
	done := make(chan loaded, 1)
	go func() {
		f.loads <- struct{}{}
		defer func() { <-f.loads }()
		p, err := f.load(ctx, stem, content)
		done <- loaded{p, err, sum}
	}()
	return done
}

// await takes over what has been loaded, and does not wait long for the rest.
func (f *Folder) await(ctx context.Context, p patience) (again bool) {
	timer := time.NewTimer(p.load)
	defer timer.Stop()
	late := timer.C
	for _, fl := range f.files {
		if fl.loading == nil {
			continue
		}
		select {
		case l := <-fl.loading:
			again = f.take(ctx, fl, l, p) || again
			continue
		default:
		}
		select {
		case l := <-fl.loading:
			again = f.take(ctx, fl, l, p) || again
		case <-late:
			late = expired
			again = true
		}
	}
	return again
}

// postpone refuses the collections whose policies a start did not wait for.
func (f *Folder) postpone() {
	for _, fl := range f.files {
		if fl.loading != nil {
			fl.refused, f.dirty = fmt.Errorf("%s: %w", filepath.Join(f.dir, fl.seen.name), errLoading), true
			f.log.Warn("a policy takes long to compile; its collection is refused until that is done", "policy", fl.stem)
		}
	}
}

// expired is for those who come after the timer.
var expired = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

// take takes over what came of a load.
func (f *Folder) take(ctx context.Context, fl *file, l loaded, p patience) (again bool) {
	fl.loading = nil
	switch {
	case l.err == nil:
		f.enforce(fl, l)
	case ctx.Err() != nil:
		fl.state = nil // cut short: that says nothing about the content
	default:
		fl.fault = fmt.Errorf("%s: %w", filepath.Join(f.dir, fl.seen.name), l.err)
		fl.judged, fl.answer = l.sum, fl.fault
	}
	f.conclude(ctx, fl, p)
	return true // the file may have changed in the meantime
}

func (f *Folder) enforce(fl *file, l loaded) {
	message := "a policy is in force"
	if fl.policy != nil {
		message = "a policy was replaced"
	}
	f.log.Info(message, "policy", fl.stem, "version", l.policy.Version())
	fl.policy, fl.sum, fl.refused, fl.fault = l.policy, l.sum, nil, nil
	f.dirty = true
}

// discard waits for what nobody wants any more.
func discard(loading <-chan loaded) {
	if l := <-loading; l.policy != nil {
		l.policy.Retire()
	}
}

type digest = [sha256.Size]byte
