package watch

import (
	"context"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Run keeps the sets up to date until the context ends: within a quarter of a
// second of a write where the file system tells of it, within some more than a
// second otherwise. onChange gets every set after the one that Open made, in
// order, before the policies that it no longer has are retired; it runs on
// Run's goroutine. It also gets a set, with nothing new in it, when a file
// that had gone is back in time.
func (f *Folder) Run(ctx context.Context, onChange func(*Set)) {
	var w watcher
	defer w.close()
	timer := time.NewTimer(0)
	defer timer.Stop()
	next := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-w.events():
			f.heard(event)
		case <-w.errors(): // events were lost: look, as if there had been one
		case <-timer.C:
			f.listen(&w)
			pause := f.every
			if f.turn(ctx, onChange) {
				pause = f.patience.settle
			}
			next = time.Now().Add(pause)
			timer.Reset(pause)
			continue
		}
		// The first event sets the time and the ones after it do not put it
		// off: a noisy neighbour must not hold up the others.
		if soon := time.Now().Add(f.patience.settle); soon.Before(next) {
			next = soon
			timer.Reset(f.patience.settle)
		}
	}
}

// Finish takes up what Open did not wait for, and no changes. It calls onChange as
// Run does, and returns when all is loaded or the context has ended.
func (f *Folder) Finish(ctx context.Context, onChange func(*Set)) {
	for ctx.Err() == nil && f.await(ctx, patience{load: takesLong}) {
		f.publish(onChange)
	}
}

// turn lists the folder, looks, and publishes what came of it.
func (f *Folder) turn(ctx context.Context, onChange func(*Set)) (again bool) {
	found, err := list(f.dir)
	if err != nil || f.broken != "" {
		for _, fl := range f.files {
			fl.since = time.Now() // nothing is missing, or broken, that could not be seen
		}
	}
	f.reportFolder(err)
	if err != nil {
		return false
	}
	again = f.look(ctx, found, f.patience)
	f.publish(onChange)
	return again
}

// heard takes an event as a sign that its file is alive, even if it comes and
// goes between two looks.
func (f *Folder) heard(event fsnotify.Event) {
	if event.Op == fsnotify.Chmod {
		return // indexers and backups send these without end
	}
	stem, _ := stem(filepath.Base(event.Name))
	if fl := f.files[stem]; fl != nil {
		fl.since = time.Now()
	}
}

func (f *Folder) reportFolder(err error) {
	switch {
	case err == nil && f.broken != "":
		f.broken = ""
		f.log.Info("the folder of policies can be read again", "folder", f.dir)
	case err != nil && f.broken != err.Error():
		f.broken = err.Error()
		f.log.Error("the folder of policies cannot be read; the policies in force stay", "error", err)
	}
}
