package watch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"time"
)

// look compares the files with a listing of the folder. It is true when some
// file is in the middle of something, and to be looked at again soon.
func (f *Folder) look(ctx context.Context, found map[string]sight, p patience) (again bool) {
	for stem := range found {
		if f.files[stem] == nil {
			f.files[stem] = &file{stem: stem}
		}
	}
	for stem, fl := range f.files {
		again = f.visit(ctx, fl, found[stem], p) || again
	}
	again = f.await(ctx, p) || again
	maps.DeleteFunc(f.files, func(_ string, fl *file) bool { return fl.gone })
	return again
}

func (f *Folder) visit(ctx context.Context, fl *file, s sight, p patience) (again bool) {
	if fl.notice(s, time.Now()) {
		// The set is as before, but whoever asked for the file while it
		// was away shall ask again.
		f.dirty = true
	}
	quiet := time.Since(fl.since)
	if s.missing() {
		if quiet < p.grace {
			return true
		}
		f.drop(fl)
		return false
	}
	if quiet < p.settle {
		return true
	}
	if fl.loading != nil {
		return false // await sees to it
	}
	f.judge(ctx, fl)
	if fl.loading != nil {
		return false
	}
	return f.conclude(ctx, fl, p)
}

// conclude says what came of a file that was judged.
func (f *Folder) conclude(ctx context.Context, fl *file, p patience) (again bool) {
	if ctx.Err() != nil {
		return false // cut short: there is nothing to say about the file
	}
	if fl.fault == nil {
		fl.reported = ""
		return false
	}
	// It may be half a file: wait for the rest before anything is said.
	if time.Since(fl.since) < p.grace {
		return true
	}
	f.blame(fl)
	return false
}

// judge brings the file's fault up to date with its content, and its policy
// if there is a new one.
func (f *Folder) judge(ctx context.Context, fl *file) {
	if fl.seen.err != nil {
		fl.state, fl.fault = nil, fl.seen.err
		return
	}
	if !fl.unread() {
		return
	}
	path, at := filepath.Join(f.dir, fl.seen.name), time.Now()
	content, state, err := read(path)
	if err != nil {
		fl.state, fl.fault = nil, err
		if errors.Is(err, errWritten) {
			fl.since = time.Now()
		}
		return
	}
	fl.state, fl.at = state, at
	switch sum := digest(sha256.Sum256(content)); {
	case fl.policy != nil && sum == fl.sum:
		fl.fault = nil
	case fl.answer != nil && sum == fl.judged:
		fl.fault = fl.answer
	default:
		fl.loading = f.begin(ctx, fl.stem, sum, content)
	}
}

// blame reports a fault once, and refuses where no version stands.
func (f *Folder) blame(fl *file) {
	key := fmt.Sprintf("%x %v", fl.judged, fl.fault)
	if key == fl.reported {
		return
	}
	fl.reported = key
	if fl.policy != nil {
		f.log.Error("a policy file cannot be used; the version before it stays in force until a restart",
			"policy", fl.stem, "version", fl.policy.Version(), "error", fl.fault)
		return
	}
	f.log.Error("a policy file cannot be used; its collection is refused",
		"policy", fl.stem, "error", fl.fault)
	fl.refused, f.dirty = fl.fault, true
}

// drop forgets a file that is gone for good.
func (f *Folder) drop(fl *file) {
	fl.gone = true
	if fl.loading != nil {
		go discard(fl.loading)
		fl.loading = nil
	}
	if fl.published() {
		f.dirty = true
		f.log.Warn("a policy file is gone", "policy", fl.stem, "folder", f.dir)
	}
}
