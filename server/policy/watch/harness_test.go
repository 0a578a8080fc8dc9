package watch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hapta/hapta/server/policy"
)

const tooLong = 30 * time.Second // for anything that is waited for

// running is a folder with everything that it said.
type running struct {
	*Folder
	t     *testing.T
	loads atomic.Int64

	mu    sync.Mutex
	sets  []*Set
	lines []string
	more  chan struct{} // closed and made anew with each set and line
}

func engine() *policy.Engine {
	return policy.NewEngine(policy.Limits{Fuel: 1 << 20, MemoryBytes: 1 << 20})
}

func open(t *testing.T, dir string) *running {
	t.Helper()
	r := &running{t: t, more: make(chan struct{})}
	e := engine()
	load := func(ctx context.Context, name string, wasm []byte) (*policy.Policy, error) {
		r.loads.Add(1)
		return e.Load(ctx, name, wasm)
	}
	f, err := Open(t.Context(), dir, load, slog.New(slog.NewTextHandler(r, nil)))
	if err != nil {
		t.Fatal(err)
	}
	r.Folder = f
	return r
}

// run opens a folder and watches it until the test ends.
func run(t *testing.T, dir string, observers ...func(*Set)) *running {
	t.Helper()
	r := open(t, dir)
	r.start(observers...)
	return r
}

func (r *running) start(observers ...func(*Set)) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx, func(s *Set) {
			for _, observe := range observers {
				observe(s)
			}
			r.note(func() { r.sets = append(r.sets, s) })
		})
	}()
	r.t.Cleanup(func() {
		cancel()
		<-done
		r.Close()
	})
}

func (r *running) note(add func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	add()
	close(r.more)
	r.more = make(chan struct{})
}

// Write takes a line of the log.
func (r *running) Write(line []byte) (int, error) {
	r.note(func() { r.lines = append(r.lines, string(line)) })
	return len(line), nil
}

// until waits for a condition that sets and lines of the log can bring about.
func (r *running) until(what string, holds func() bool) {
	r.t.Helper()
	deadline := time.After(tooLong)
	for {
		r.mu.Lock()
		more := r.more
		r.mu.Unlock()
		if holds() {
			return
		}
		select {
		case <-more:
		case <-deadline:
			r.t.Fatalf("waited in vain until %s; the log:\n%s", what, strings.Join(r.logged(""), ""))
		}
	}
}

// logged are the lines of the log that say something.
func (r *running) logged(something string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var lines []string
	for _, line := range r.lines {
		if strings.Contains(line, something) {
			lines = append(lines, line)
		}
	}
	return lines
}

func (r *running) published() []*Set {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*Set(nil), r.sets...)
}

func (r *running) untilLogged(something string, times int) {
	r.t.Helper()
	r.until(something, func() bool { return len(r.logged(something)) >= times })
	if n := len(r.logged(something)); n != times {
		r.t.Fatalf("%q was logged %d times, not %d", something, n, times)
	}
}

// untilVersion waits until a policy made of this content is in force.
func (r *running) untilVersion(stem string, content []byte) *policy.Policy {
	r.t.Helper()
	want := version(content)
	r.until(stem+" is of version "+want, func() bool {
		p := r.Set().Entries[stem].Policy
		return p != nil && p.Version() == want
	})
	return r.Set().Entries[stem].Policy
}

func (r *running) untilGone(stem string) {
	r.t.Helper()
	r.until(stem+" is gone", func() bool { _, ok := r.Set().Entries[stem]; return !ok })
}

func (r *running) untilRefused(stem, reason string) {
	r.t.Helper()
	r.until(stem+" is refused", func() bool { return r.Set().Entries[stem].Err != nil })
	if err := r.Set().Entries[stem].Err; !strings.Contains(err.Error(), reason) {
		r.t.Fatalf("%s is refused because %q, not because %q", stem, err, reason)
	}
}

// barrier waits until whatever was written before it has been judged: files
// settle in the order of their writes, and its name is the last of all.
func (r *running) barrier(mark string) {
	r.t.Helper()
	write(r.t, filepath.Join(r.dir, "zzz.wasm"), module("barrier "+mark))
	r.untilVersion("zzz", module("barrier "+mark))
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	must(t, os.WriteFile(path, content, 0o600))
}

// writeOver is what careful editors do.
func writeOver(t *testing.T, path string, content []byte) {
	t.Helper()
	write(t, path+".tmp", content)
	must(t, os.Rename(path+".tmp", path))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// version is what a policy made of this content calls itself.
func version(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:6])
}
