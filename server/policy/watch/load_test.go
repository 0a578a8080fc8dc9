package watch

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/hapta/hapta/server/policy"
)

// A module that is slow to load keeps no other from taking effect, and takes
// effect itself in the end; the one that comes after it too.
func TestSlowLoads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"posts", "slow", "gone"} {
		write(t, filepath.Join(dir, name+".wasm"), module("a"))
	}
	r := open(t, dir)
	load, release := r.load, make(chan struct{})
	r.load = func(ctx context.Context, name string, wasm []byte) (*policy.Policy, error) {
		if name != "posts" && string(wasm) == string(module("b")) {
			<-release
		}
		return load(ctx, name, wasm)
	}
	r.start()
	write(t, filepath.Join(dir, "slow.wasm"), module("b"))
	write(t, filepath.Join(dir, "gone.wasm"), module("b"))
	for _, mark := range []string{"b", "c", "d"} {
		write(t, filepath.Join(dir, "posts.wasm"), module(mark))
		r.untilVersion("posts", module(mark))
	}
	must(t, os.Remove(filepath.Join(dir, "gone.wasm")))
	r.untilGone("gone")
	if got := r.Set().Entries["slow"].Policy.Version(); got != version(module("a")) {
		t.Errorf("slow is of version %s before it was loaded", got)
	}
	write(t, filepath.Join(dir, "slow.wasm"), module("c"))
	close(release)
	r.untilVersion("slow", module("c"))
	if _, there := r.Set().Entries["gone"]; there {
		t.Error("what was loaded too late came back")
	}
}
