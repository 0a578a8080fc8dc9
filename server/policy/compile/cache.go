package compile

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
)

// How long a compiled module that nothing loads stays on disk, and how many do.
const (
	keepUnused = 30 * 24 * time.Hour
	keepMost   = 500
)

// Cache is a folder of compiled modules, with a folder of its own for each: the
// engine compiles in place whatever it does not find, so it is only ever shown a
// folder that surely holds what it looks for. Cache may be used by several
// goroutines, and by several processes.
type Cache struct {
	dir   string
	child []string // the command that compiles
	kind  string   // of native code that this process runs
}

// Open makes the folder if it is missing (mode 0700: it holds native code that
// will be run), and drops from it what has not been used for a month and all but
// the 500 that were used last. The child is this program again, with Command as
// its only argument: it has to call Child.
func Open(dir string) (*Cache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder of compiled policies cannot be made: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder of compiled policies cannot be closed to others: %w", err)
	}
	self, err := executable()
	if err != nil {
		return nil, fmt.Errorf("policies cannot be compiled: %w", err)
	}
	c := &Cache{dir: dir, child: []string{self, Command}}
	if c.kind, err = c.findKind(); err != nil {
		return nil, fmt.Errorf("the folder of compiled policies cannot be used: %w", err)
	}
	c.prune()
	return c, nil
}

// Compiled is a compilation cache that holds the module. It has to be closed.
// The error is about the module, the machine, or the context's.
func (c *Cache) Compiled(ctx context.Context, module []byte) (wazero.CompilationCache, error) {
	sum := sha256.Sum256(append([]byte(c.kind), module...))
	dir := filepath.Join(c.dir, hex.EncodeToString(sum[:16]))
	if err := refused(dir); err != nil {
		return nil, err
	}
	if err := verify(dir); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			if err := os.RemoveAll(dir); err != nil {
				return nil, fmt.Errorf("a damaged compiled policy cannot be removed: %w", err)
			}
		}
		if err := c.compile(ctx, module, dir); err != nil {
			refuse(dir, err)
			return nil, err
		}
	}
	now := time.Now()
	_ = os.Chtimes(dir, now, now) // if it fails, it is compiled again in a month
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return nil, fmt.Errorf("opening a compiled policy: %w", err)
	}
	return cache, nil
}

// compile has a child fill a folder, which becomes dir when it is complete.
func (c *Cache) compile(ctx context.Context, module []byte, dir string) error {
	work, err := os.MkdirTemp(c.dir, unfinished)
	if err != nil {
		return fmt.Errorf("making room for a compiled policy: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }()
	if err := run(ctx, c.child, work, module); err != nil {
		return err
	}
	if err := seal(work); err != nil {
		return fmt.Errorf("keeping a compiled policy: %w", err)
	}
	err = os.Rename(work, dir)
	if err != nil && verify(dir) == nil {
		return nil // another process was faster
	}
	if err != nil {
		return fmt.Errorf("keeping a compiled policy: %w", err)
	}
	return nil
}

const unfinished = "unfinished-"

// prune removes what is not used any more. It may fail: it is tried again.
func (c *Cache) prune() {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	age := map[string]time.Duration{}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			age[e.Name()] = time.Since(info.ModTime())
		}
	}
	newest := slices.SortedFunc(maps.Keys(age), func(a, b string) int { return cmp.Compare(age[a], age[b]) })
	for i, name := range newest {
		keep := keepUnused
		if strings.HasPrefix(name, unfinished) {
			keep = time.Hour // left behind by a crash
		}
		if age[name] > keep || i >= keepMost {
			_ = os.RemoveAll(filepath.Join(c.dir, name))
		}
	}
}
