package watch

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hapta/hapta/server/policy"
)

// startSlowly opens a folder of two policies that load only after the release,
// of which one then fails, and of one that loads at once.
func startSlowly(t *testing.T) (r *running, release func()) {
	dir, released := t.TempDir(), make(chan struct{})
	for _, name := range []string{"posts", "slow", "bomb"} {
		write(t, filepath.Join(dir, name+".wasm"), module("a"))
	}
	e := engine()
	load := func(ctx context.Context, name string, wasm []byte) (*policy.Policy, error) {
		if name != "posts" {
			<-released
		}
		if name == "bomb" {
			return nil, errors.New("it is too much to compile")
		}
		return e.Load(ctx, name, wasm)
	}
	r = &running{t: t, more: make(chan struct{})}
	var err error
	if r.Folder, err = Open(t.Context(), dir, load, slog.New(slog.NewTextHandler(r, nil))); err != nil {
		t.Fatal(err)
	}
	if got := r.Set().Entries["posts"]; got.Policy == nil {
		t.Errorf("what loads at once is refused: %v", got.Err)
	}
	for _, name := range []string{"slow", "bomb"} {
		if got := r.Set().Entries[name]; !errors.Is(got.Err, errLoading) {
			t.Errorf("%s is not refused for being compiled: %+v", name, got)
		}
	}
	return r, func() { close(released) }
}

// A start does not wait for what is slow to load: that is refused until it is
// there, and taken up then.
func TestStartsWithoutWhatIsSlow(t *testing.T) {
	t.Parallel()
	r, release := startSlowly(t)
	r.start()
	release()
	r.untilVersion("slow", module("a"))
	r.until("bomb is refused for its own fault", func() bool {
		err := r.Set().Entries["bomb"].Err
		return err != nil && strings.Contains(err.Error(), "bomb.wasm: it is too much to compile")
	})
}

// Nor does one need changes to be watched for that.
func TestFinish(t *testing.T) {
	t.Parallel()
	r, release := startSlowly(t)
	defer r.Close()
	release()
	sets := 0
	r.Finish(t.Context(), func(*Set) { sets++ })
	if got := r.Set().Entries["slow"]; got.Policy == nil || sets == 0 {
		t.Errorf("it is not taken up: %v, after %d sets", got.Err, sets)
	}
	if err := r.Set().Entries["bomb"].Err; err == nil || !strings.Contains(err.Error(), "bomb.wasm: it is too much to compile") {
		t.Errorf("bomb is refused because %v", err)
	}
}
