package watch

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hapta/hapta/server/policy"
)

// patterns are the ways in which files are replaced.
var patterns = map[string]func(t *testing.T, path string, content []byte){
	"rename over":        writeOver,
	"truncate and write": write,
	"write in pieces": func(t *testing.T, path string, content []byte) {
		file, err := os.Create(path)
		must(t, err)
		for piece := range content {
			_, err := file.Write(content[piece : piece+1])
			must(t, err)
		}
		must(t, file.Close())
	},
	"delete and make anew": func(t *testing.T, path string, content []byte) {
		must(t, os.Remove(path))
		write(t, path, content)
	},
	"move away and make anew": func(t *testing.T, path string, content []byte) {
		must(t, os.Rename(path, path+"~"))
		write(t, path, content)
	},
	"turn a link": func(t *testing.T, path string, content []byte) {
		target := filepath.Join(t.TempDir(), "target")
		write(t, target, content)
		must(t, os.Symlink(target, path+".tmp"))
		must(t, os.Rename(path+".tmp", path))
	},
}

func TestReplace(t *testing.T) {
	for name, replace := range patterns {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "posts.wasm")
			write(t, path, module("a"))
			var r *running
			var before *policy.Policy
			replaced := false
			observe := func(s *Set) {
				now := s.Entries["posts"].Policy
				if now == nil {
					t.Error("a set without the policy was published")
				}
				if r.Set() != s {
					t.Error("a set was told on before it was published")
				}
				if now != before && !replaced {
					replaced = true
					if !before.Acquire() {
						t.Error("the old version was retired before the set was published")
					}
					before.Release()
				}
			}
			r = open(t, filepath.Dir(path))
			r.patience.grace = tooLong
			before = r.Set().Entries["posts"].Policy
			r.start(observe)
			replace(t, path, module("b"))
			r.untilVersion("posts", module("b"))
			r.barrier("retired by now")
			if before.Acquire() {
				t.Error("the old version was not retired")
			}
			if lines := r.logged("level=ERROR"); len(lines) > 0 {
				t.Errorf("nothing was wrong, but: %s", lines)
			}
		})
	}
}

// With hours between looks, only events can tell of a change.
func TestEvents(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := open(t, dir)
	r.every = time.Hour
	r.start()
	for _, mark := range []string{"a", "b", "c"} {
		write(t, filepath.Join(dir, "posts.wasm"), module(mark))
		r.untilVersion("posts", module(mark))
	}
	must(t, os.Remove(filepath.Join(dir, "posts.wasm")))
	r.untilGone("posts")
}

// No event tells of a change of what a link leads to.
func TestPolling(t *testing.T) {
	t.Parallel()
	dir, target := t.TempDir(), filepath.Join(t.TempDir(), "target")
	write(t, target, module("a"))
	must(t, os.Symlink(target, filepath.Join(dir, "posts.wasm")))
	r := run(t, dir)
	write(t, target, module("b"))
	r.untilVersion("posts", module("b"))
	writeOver(t, target, module("c"))
	r.untilVersion("posts", module("c"))
}

func TestIdenticalContent(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posts.wasm")
	write(t, path, module("a"))
	r := run(t, filepath.Dir(path))
	was := r.Set().Entries["posts"].Policy
	for _, again := range []func(*testing.T, string, []byte){write, writeOver} {
		again(t, path, module("a"))
		must(t, os.Chtimes(path, time.Time{}, time.Unix(1e9, 0)))
		r.barrier(time.Now().String())
	}
	if r.Set().Entries["posts"].Policy != was || r.loads.Load() != 3 {
		t.Errorf("%d loads, 3 were needed", r.loads.Load())
	}
}

// One size, one time of modification: what is fresh is not trusted to be the same.
func TestSameSizeSameTime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posts.wasm")
	write(t, path, module("a"))
	r := run(t, filepath.Dir(path))
	now, old := time.Now(), time.Now().Add(-time.Hour)
	for _, mark := range []string{"b", "c", "d"} {
		write(t, path, module(mark))
		must(t, os.Chtimes(path, now, now))
		r.untilVersion("posts", module(mark))
	}
	for _, mark := range []string{"e", "f", "g"} { // as copying with its times does
		write(t, path, module(mark))
		must(t, os.Chtimes(path, old, old))
		r.untilVersion("posts", module(mark))
	}
}

func TestBrokenReplacement(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posts.wasm")
	write(t, path, module("a"))
	r := run(t, filepath.Dir(path), func(s *Set) {
		if s.Entries["posts"].Policy == nil {
			t.Error("a set without the policy was published")
		}
	})
	const report = "the version before it stays in force"
	stays := func(mark string) {
		t.Helper()
		r.barrier(mark)
		if p := r.Set().Entries["posts"].Policy; p.Version() != version(module("a")) || !p.Acquire() {
			t.Fatalf("version %s is in force", p.Version())
		} else {
			p.Release()
		}
	}
	write(t, path, half("b"))
	r.untilLogged(report, 1)
	stays("1")
	writeOver(t, path, half("b")) // the same content: no news
	stays("2")
	write(t, path, []byte("something else"))
	r.untilLogged(report, 2)
	must(t, os.Rename(path, filepath.Join(filepath.Dir(path), "POSTS.wasm")))
	write(t, path, module("b"))
	r.untilLogged("named after the same collection", 1)
	stays("3")
	must(t, os.Remove(filepath.Join(filepath.Dir(path), "POSTS.wasm")))
	r.untilVersion("posts", module("b"))
	if n := len(r.logged(report)); n != 3 {
		t.Errorf("%d reports of three faults", n)
	}
}

// Half a file is nothing for a while, for the other half may come.
func TestNewHalf(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posts.wasm")
	r := open(t, filepath.Dir(path))
	r.patience.grace = tooLong
	r.start(func(s *Set) {
		if s.Entries["posts"].Err != nil {
			t.Error("half a file was refused at once")
		}
	})
	write(t, path, half("a"))
	r.barrier("1")
	write(t, path, module("a"))
	r.untilVersion("posts", module("a"))
}

func TestNewBroken(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posts.wasm")
	r := run(t, filepath.Dir(path))
	write(t, path, half("a"))
	r.untilRefused("posts", "posts.wasm: policy posts: ")
	r.untilLogged("its collection is refused", 1)
	write(t, path, module("a"))
	r.untilVersion("posts", module("a"))

	write(t, filepath.Join(r.dir, "users.wasm"), half("a"))
	r.untilRefused("users", "users.wasm: policy users: ")
	must(t, os.Remove(filepath.Join(r.dir, "users.wasm")))
	r.untilGone("users")
}

func TestGone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posts.wasm")
	write(t, path, module("a"))
	r := run(t, filepath.Dir(path))
	was := r.Set().Entries["posts"].Policy
	must(t, os.Remove(path))
	r.untilGone("posts")
	r.untilLogged("a policy file is gone", 1)
	r.barrier("retired by now")
	if was.Acquire() {
		t.Error("the policy was not retired")
	}
	write(t, path, module("a"))
	if r.untilVersion("posts", module("a")) == was {
		t.Error("a retired policy is in force")
	}
}

// A file that is back in time is told of, with the policy it had.
func TestBackInTime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posts.wasm")
	write(t, path, module("a"))
	r := open(t, filepath.Dir(path))
	r.patience.grace = tooLong
	r.start()
	was := r.Set().Entries["posts"].Policy
	must(t, os.Remove(path))
	r.barrier("away")
	n := len(r.published())
	if r.Set().Entries["posts"].Policy != was {
		t.Fatal("the policy went at once")
	}
	write(t, path, module("a"))
	r.until("the return is told of", func() bool { return len(r.published()) > n })
	if r.Set().Entries["posts"].Policy != was || r.loads.Load() != 2 {
		t.Error("the policy that came back is another one")
	}
}

func TestClose(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "posts.wasm"), module("a"))
	r := open(t, dir)
	p := r.Set().Entries["posts"].Policy
	r.Close()
	if p.Acquire() {
		t.Error("the policy was not retired")
	}
}
