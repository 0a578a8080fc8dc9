package watch

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A file that has been missing since long ago, as far as looking could tell,
// goes at the next look, unless something has spoken for it in between.
func TestWhatSpeaksForAMissingFile(t *testing.T) {
	f := func(name string, between func(r *running, path string), stays bool) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "policies", "posts.wasm")
			must(t, os.Mkdir(filepath.Dir(path), 0o700))
			write(t, path, module("a"))
			r := open(t, filepath.Dir(path))
			defer r.Close()
			r.patience.grace = tooLong
			must(t, os.Remove(path))
			r.look1(t, true)
			r.files["posts"].since = time.Now().Add(-2 * tooLong)
			between(r, path)
			r.look1(t, stays)
		})
	}
	f("nothing", func(*running, string) {}, false)
	f("that it came and went", func(r *running, path string) {
		r.heard(fsnotify.Event{Name: path, Op: fsnotify.Create})
	}, true)
	f("a change of mode", func(r *running, path string) {
		r.heard(fsnotify.Event{Name: path, Op: fsnotify.Chmod})
	}, false)
	f("another file", func(r *running, path string) {
		r.heard(fsnotify.Event{Name: path + ".tmp", Op: fsnotify.Create})
	}, false)
	f("that the folder could not be read", func(r *running, path string) {
		dir := filepath.Dir(path)
		must(t, os.Rename(dir, dir+".away"))
		r.look1(t, true)
		must(t, os.Rename(dir+".away", dir))
	}, true)
	f("that it is back", func(_ *running, path string) { write(t, path, module("a")) }, true)
}

// look1 looks once and checks whether the policy is still there.
func (r *running) look1(t *testing.T, want bool) {
	t.Helper()
	r.turn(t.Context(), func(*Set) {})
	if _, ok := r.Set().Entries["posts"]; ok != want {
		t.Errorf("that the policy is there is %t", ok)
	}
}
