package watch

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/hapta/hapta/server/policy"
)

// Loader makes a policy of a module, named in lower case after its file. The
// Load of policy.Engine is one.
type Loader func(ctx context.Context, name string, wasm []byte) (*policy.Policy, error)

// patience is how long the folder waits before it believes what it sees.
type patience struct {
	settle time.Duration // without a change, before a file is read
	grace  time.Duration // before a file counts as missing, or a first version as broken
	load   time.Duration // for what is being loaded, before a look goes on without it
}

// Folder is a folder of policies, <collection>.wasm each. Set may be called
// from anywhere; the rest belongs to one goroutine.
type Folder struct {
	dir    string
	load   Loader
	log    *slog.Logger
	set    atomic.Pointer[Set]
	files  map[string]*file // by stem
	dirty  bool             // the files say another thing than the set
	broken string           // why the folder cannot be read, as it was logged
	deaf   string           // why there are no events, as it was logged

	patience patience
	every    time.Duration // between looks when nothing is heard
	loads    chan struct{} // a slot for each load under way
}

// Open reads a folder once. A file that does not load is an entry with its
// error, and so is one that takes long to load, until Run or Finish takes it up; a
// folder that cannot be read, or is not there (fs.ErrNotExist), is an error.
func Open(ctx context.Context, dir string, load Loader, log *slog.Logger) (*Folder, error) {
	f := &Folder{
		dir: dir, load: load, log: log,
		files:    map[string]*file{},
		patience: patience{settle: 50 * time.Millisecond, grace: time.Second, load: takesLong},
		every:    time.Second,
		loads:    make(chan struct{}, sideBySide),
	}
	f.set.Store(&Set{})
	found, err := list(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder of policies cannot be read: %w: "+
			"create it, or name another one as dir in [policies]", err)
	}
	f.look(ctx, found, patience{load: startWaits})
	f.postpone()
	f.publish(func(*Set) {})
	if err := ctx.Err(); err != nil {
		f.Close()
		return nil, fmt.Errorf("reading the folder of policies: %w", err)
	}
	return f, nil
}

// Set is the newest set.
func (f *Folder) Set() *Set { return f.set.Load() }

// Close retires every policy. It is called when Run has returned and the last
// request is done, for from then on no set has a policy that can be acquired.
func (f *Folder) Close() {
	for _, fl := range f.files {
		if fl.loading != nil {
			discard(fl.loading)
			fl.loading = nil
		}
		if fl.policy != nil {
			fl.policy.Retire()
			fl.policy = nil
		}
	}
}

// publish makes a new set of the files, tells it on, and only then lets go of
// the policies that it no longer has.
func (f *Folder) publish(onChange func(*Set)) {
	if !f.dirty {
		return
	}
	f.dirty = false
	next := &Set{Entries: make(map[string]Entry, len(f.files))}
	for stem, fl := range f.files {
		if fl.published() {
			next.Entries[stem] = Entry{Policy: fl.policy, Err: fl.refused}
		}
	}
	old := f.set.Swap(next)
	onChange(next)
	for stem, entry := range old.Entries {
		if entry.Policy != nil && entry.Policy != next.Entries[stem].Policy {
			entry.Policy.Retire()
		}
	}
}
