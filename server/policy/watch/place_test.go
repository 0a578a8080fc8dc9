package watch

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
)

func TestFolderGoneAndBack(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "policies")
	must(t, os.Mkdir(dir, 0o700))
	write(t, filepath.Join(dir, "posts.wasm"), module("a"))
	write(t, filepath.Join(dir, "users.wasm"), half("a"))
	r := run(t, dir)
	for round := 1; round <= 2; round++ {
		was := r.Set().Entries
		must(t, os.Rename(dir, dir+".away"))
		r.untilLogged("the folder of policies cannot be read", round)
		if !maps.Equal(r.Set().Entries, was) {
			t.Fatal("a folder that cannot be read changed something")
		}
		must(t, os.Rename(dir+".away", dir))
		r.untilLogged("can be read again", round)
	}
	write(t, filepath.Join(dir, "posts.wasm"), module("b"))
	write(t, filepath.Join(dir, "users.wasm"), module("b"))
	r.untilVersion("posts", module("b"))
	r.untilVersion("users", module("b"))
	if lines := r.logged("is gone"); len(lines) > 0 {
		t.Errorf("nothing was gone, but: %s", lines)
	}
}

// A folder that is a link is followed to where it is turned, events included.
func TestFolderLink(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	link := filepath.Join(root, "policies")
	release := func(name string) {
		must(t, os.Mkdir(filepath.Join(root, name), 0o700))
		write(t, filepath.Join(root, name, "posts.wasm"), module(name))
		must(t, os.Symlink(name, link+".tmp"))
		must(t, os.Rename(link+".tmp", link))
	}
	release("1")
	r := run(t, link)
	for _, name := range []string{"2", "3"} {
		release(name)
		r.untilVersion("posts", module(name))
		write(t, filepath.Join(root, name, "posts.wasm"), module("more of "+name))
		r.untilVersion("posts", module("more of "+name))
	}
}

// Kubernetes swaps all files of a ConfigMap at once, by turning one link, and
// only then removes the links to files that are no more.
func TestConfigMap(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	swap := func(name string, files ...string) {
		must(t, os.Mkdir(filepath.Join(dir, name), 0o700))
		for _, file := range files {
			write(t, filepath.Join(dir, name, file), module(name+file))
		}
		must(t, os.Symlink(name, filepath.Join(dir, "..data_tmp")))
		must(t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
	}
	swap("..1", "posts.wasm", "users.wasm")
	for _, file := range []string{"posts.wasm", "users.wasm"} {
		must(t, os.Symlink(filepath.Join("..data", file), filepath.Join(dir, file)))
	}
	r := run(t, dir)
	users := r.untilVersion("users", module("..1users.wasm"))
	swap("..2", "posts.wasm")
	must(t, os.RemoveAll(filepath.Join(dir, "..1")))
	r.untilVersion("posts", module("..2posts.wasm"))
	if r.Set().Entries["users"].Policy != users {
		t.Error("a link to nowhere took the policy away")
	}
	must(t, os.Remove(filepath.Join(dir, "users.wasm")))
	r.untilGone("users")
}
