package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// LedgerFile is the ledger's name in the state directory.
const LedgerFile = "policies.json"

// Ledger remembers which collections have had a policy, by id. It may be used
// by several goroutines and several processes at once: every answer is about
// the file as it is now, and every change is made under a lock.
//
// A ledger that cannot be read is never an empty one: every method returns an
// error then, and who asked has to treat every collection as remembered.
type Ledger struct {
	path     string
	policies string // the folder of policies

	mu   sync.Mutex
	last page // what was read or written last
}

// page is the ledger's content and the bytes it came from.
type page struct {
	raw         []byte // nil: there is no file
	collections map[string]remembered
}

type remembered struct {
	Name string `json:"name"`
	// Former says that the policy file of this name is another collection's
	// by now: this one was renamed, or deleted and made again.
	Former bool `json:"former,omitempty"`
}

// OpenLedger opens the ledger in a state directory, which must exist. The
// folder of policies is the one whose files the ledger is about. A ledger that
// does not exist yet is empty; a damaged one is an error.
func OpenLedger(stateDir, policies string) (*Ledger, error) {
	l := &Ledger{path: filepath.Join(stateDir, LedgerFile), policies: policies}
	if _, err := l.read(); err != nil {
		return nil, err
	}
	return l, nil
}

// Has tells whether a collection has had a policy that was not deliberately
// taken away.
func (l *Ledger) Has(collectionID string) (bool, error) {
	p, err := l.read()
	if err != nil {
		return false, err
	}
	_, ok := p.collections[collectionID]
	return ok, nil
}

// Remember notes that a collection has a policy, once and for all: it costs
// one read when that is known already. It does nothing when the policy's file
// is gone by now, for the set that it was found in may be a second old, and
// Remove may have come in between.
func (l *Ledger) Remember(collectionID, name string) error {
	p, err := l.read()
	if err != nil {
		return err
	}
	if p.collections[collectionID] == (remembered{Name: name}) {
		return nil
	}
	return l.change(func(collections map[string]remembered) error {
		if files, err := policyFiles(l.policies, name); err == nil && len(files) == 0 {
			return nil
		}
		for id, r := range collections {
			if strings.EqualFold(r.Name, name) {
				collections[id] = remembered{Name: r.Name, Former: true}
			}
		}
		collections[collectionID] = remembered{Name: name}
		return nil
	})
}

// Forget lets go of a collection: without a policy it is then like one that
// has never had one. The policy's file is left alone; see Remove.
func (l *Ledger) Forget(collectionID string) error {
	return l.change(func(collections map[string]remembered) error {
		delete(collections, collectionID)
		return nil
	})
}

// Run calls onChange at once and then whenever the file says something new,
// by whomever, which it takes up to a second to see, until the context ends.
func (l *Ledger) Run(ctx context.Context, onChange func()) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	told, _ := os.ReadFile(l.path) // what is wrong with it, onChange finds out
	onChange()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if now, _ := os.ReadFile(l.path); !bytes.Equal(now, told) {
			told = now
			onChange()
		}
	}
}

// read is the ledger as it is now. A file that was there and is not any more
// has not been emptied by anyone who means it: what it said goes on.
func (l *Ledger) read() (page, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	raw, err := os.ReadFile(l.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return l.last, nil
	case err != nil:
		return page{}, fmt.Errorf("which collections have had a policy cannot be read: %w: "+
			"make it readable for the user that the server runs as", err)
	case l.last.raw != nil && bytes.Equal(raw, l.last.raw):
		return l.last, nil
	}
	collections, err := decode(raw)
	if err != nil {
		return page{}, fmt.Errorf("%s is damaged (%w): put back a good copy of it, or delete it once every "+
			"policy file is in its folder, for what it remembers then counts as never having had a policy",
			l.path, err)
	}
	l.last = page{raw: raw, collections: collections}
	return l.last, nil
}
