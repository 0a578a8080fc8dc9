package watch

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRemove(t *testing.T) {
	f := func(target string, wantFiles []string, wantID, wantErr string) {
		t.Helper()
		l, policies := ledger(t, "posts.wasm", "USERS.wasm", "unknown.wasm", "_default.wasm")
		must(t, os.Mkdir(filepath.Join(policies, "folder.wasm"), 0o700))
		must(t, l.Remember("id1", "posts"))
		must(t, l.Remember("id2", "users"))
		write(t, filepath.Join(policies, "lost.wasm"), nil)
		must(t, l.Remember("id3", "lost"))
		must(t, os.Remove(filepath.Join(policies, "lost.wasm")))

		done, err := l.Remove(target)
		if wantErr != "" {
			if err == nil || !strings.Contains(err.Error(), wantErr) {
				t.Errorf("Remove(%s): %v", target, err)
			}
			wantID = ""
		} else {
			must(t, err)
		}
		for i, file := range wantFiles {
			wantFiles[i] = filepath.Join(policies, file)
		}
		if !slices.Equal(done.Files, wantFiles) || done.CollectionID != wantID {
			t.Errorf("Remove(%s) did %+v", target, done)
		}
		for _, id := range []string{"id1", "id2", "id3"} {
			has(t, l, id, id != wantID)
		}
		left, err := os.ReadDir(policies)
		must(t, err)
		if len(left) != 5-len(wantFiles) {
			t.Errorf("Remove(%s) left %v", target, left)
		}
	}
	f("posts", []string{"posts.wasm"}, "id1", "")
	f("PoSts", []string{"posts.wasm"}, "id1", "")
	f("id1", []string{"posts.wasm"}, "id1", "")
	f("users", []string{"USERS.wasm"}, "id2", "")
	f("unknown", []string{"unknown.wasm"}, "", "")
	f("_default", []string{"_default.wasm"}, "", "")
	f("lost", nil, "id3", "")
	f("none", nil, "", "none has no policy: there is no file for it in")
	f("folder", nil, "", "folder has no policy")
	f("", nil, "", " has no policy")
	f("../posts", nil, "", "../posts has no policy")
}

// What cannot be removed is not forgotten.
func TestRemoveFails(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may remove everything")
	}
	l, policies := ledger(t, "posts.wasm")
	must(t, l.Remember("id1", "posts"))
	must(t, os.Chmod(policies, 0o500))
	_, err := l.Remove("posts")
	must(t, os.Chmod(policies, 0o700))
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "remove it by hand") {
		t.Errorf("got %v", err)
	}
	has(t, l, "id1", true)
}

// A server remembers every policy of every set, as often as it can, while
// another process removes one: in the end there is neither policy nor memory.
func TestRemoveBesideAServer(t *testing.T) {
	t.Parallel()
	l, policies := ledger(t, "posts.wasm", "users.wasm")
	remember := func(s *Set) {
		for stem := range s.Entries {
			must(t, l.Remember("id of "+stem, stem))
		}
	}
	r := open(t, policies)
	remember(r.Set())
	r.start(remember)

	end, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-end:
				return
			default:
				remember(r.Set())
			}
		}
	}()
	beside, err := OpenLedger(filepath.Dir(l.path), policies)
	must(t, err)
	_, err = beside.Remove("posts")
	must(t, err)
	has(t, l, "id of posts", false)
	write(t, filepath.Join(policies, "users.wasm"), module("b")) // makes a set in which posts still is
	r.untilVersion("users", module("b"))
	r.untilGone("posts")
	close(end)
	<-done
	has(t, l, "id of posts", false)
	has(t, l, "id of users", true)

	// Dropped in again, it is remembered again.
	write(t, filepath.Join(policies, "posts.wasm"), module("a"))
	r.untilVersion("posts", module("a"))
	r.barrier("remembered by now")
	has(t, l, "id of posts", true)
}
