package compile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == Command {
		if err := Child(os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func open(t *testing.T) *Cache {
	t.Helper()
	c, err := Open(filepath.Join(t.TempDir(), "modules"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// idle makes a child that does nothing but end so.
func (c *Cache) idle(script string) { c.child = []string{"/bin/sh", "-c", script} }

// use compiles the module with what the cache gives, and tells how many files
// that added: none if the engine found the native code.
func use(t *testing.T, c *Cache, module []byte) (added int) {
	t.Helper()
	cache, err := c.Compiled(t.Context(), module)
	if err != nil {
		t.Fatal(err)
	}
	defer cache.Close(t.Context())
	before := files(t, c.dir)
	r := wazero.NewRuntimeWithConfig(t.Context(), Config().WithCompilationCache(cache))
	defer r.Close(t.Context())
	if _, err := r.InstantiateWithConfig(t.Context(), module, wazero.NewModuleConfig().WithName("")); err != nil {
		t.Fatal(err)
	}
	return len(files(t, c.dir)) - len(before)
}

func files(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestTheServerCompilesNothing(t *testing.T) {
	c := open(t)
	if added := use(t, c, smallest); added != 0 {
		t.Errorf("the engine compiled it again: %d files", added)
	}
	c.idle("exit 9")
	if added := use(t, c, smallest); added != 0 {
		t.Errorf("the engine compiled it again: %d files", added)
	}
	again, err := Open(c.dir) // as after a restart
	if err != nil {
		t.Fatal(err)
	}
	again.idle("exit 9")
	use(t, again, smallest)
	if info, err := os.Stat(c.dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v, %v", info.Mode(), err)
	}
}

// Damage of any kind must not make the engine compile in place.
func TestDamagedCodeIsCompiledAnew(t *testing.T) {
	f := func(name string, damage func(file string) error) {
		t.Helper()
		c := open(t)
		use(t, c, smallest)
		for _, file := range files(t, c.dir) {
			if filepath.Base(file) == sumFile {
				continue
			}
			if err := damage(file); err != nil {
				t.Fatal(err)
			}
		}
		working := c.child
		c.idle("exit 9")
		if _, err := c.Compiled(t.Context(), smallest); err == nil {
			t.Errorf("%s: what is damaged was taken", name)
		}
		c.child = working
		if added := use(t, c, smallest); added != 0 {
			t.Errorf("%s: the engine compiled in place", name)
		}
	}
	f("a flipped bit of the version", func(file string) error {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		content[9] ^= 1
		return os.WriteFile(file, content, 0o600)
	})
	f("cut short", func(file string) error { return os.Truncate(file, 20) })
	f("gone", os.Remove)
	f("a pipe", func(file string) error { return errors.Join(os.Remove(file), syscall.Mkfifo(file, 0o600)) })
	f("the sum a pipe", func(file string) error {
		sum := filepath.Join(filepath.Dir(filepath.Dir(file)), sumFile)
		return errors.Join(os.Remove(sum), syscall.Mkfifo(sum, 0o600))
	})
	f("endless", func(file string) error { return os.Truncate(file, maxCode+1) })
	f("two", func(file string) error { return os.WriteFile(file+"2", []byte("x"), 0o600) })
}

func TestHowAChildFails(t *testing.T) {
	f := func(script string, want string) {
		t.Helper()
		c := open(t)
		c.idle(script)
		_, err := c.Compiled(t.Context(), smallest)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", script, err, want)
		}
		left := files(t, c.dir)
		if bound := script == "exit 3" || script == "exit 4"; bound {
			c.idle("exit 9") // which would be another error
			if _, again := c.Compiled(t.Context(), smallest); again == nil || again.Error() != err.Error() {
				t.Errorf("%s: the second time %v", script, again)
			}
			old := time.Now().Add(-keepRefusal - time.Minute)
			if err := os.Chtimes(left[0], old, old); err != nil {
				t.Fatal(err)
			}
			if _, again := c.Compiled(t.Context(), smallest); again == nil || !strings.Contains(again.Error(), "exit status 9") {
				t.Errorf("%s: it was not tried again: %v", script, again)
			}
		} else if len(left) > 0 {
			t.Errorf("%s: left behind %v", script, left)
		}
	}
	f("exit 3", errTooSlow.Error())
	f("exit 4", errTooLarge.Error())
	f("echo what is wrong >&2; exit 1", "what is wrong")
	f("exit 9", "exit status 9")
	f("kill -9 $$", "killed")
	f("true", "0 files were found where one was to be")

	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	if _, err := open(t).Compiled(ctx, smallest); err == nil || err.Error() != "enough" {
		t.Errorf("after the context ended: %v", err)
	}
}

func TestTheChildKnowsNothingOfTheServer(t *testing.T) {
	t.Setenv("JWT_SECRET", "not for children")
	c := open(t)
	c.idle("env >&2; exit 1")
	_, err := c.Compiled(t.Context(), smallest)
	if err == nil || !strings.Contains(err.Error(), "PWD=") || strings.Contains(err.Error(), "JWT_SECRET") {
		t.Errorf("the child's environment: %v", err)
	}
}

func TestNotWasm(t *testing.T) {
	_, err := open(t).Compiled(t.Context(), []byte("no module"))
	if err == nil || !strings.Contains(err.Error(), "it does not compile: invalid magic number") {
		t.Error(err)
	}
}

// A valid module of some kilobytes can have a great deal to compile.
func TestBomb(t *testing.T) {
	for _, name := range []string{"compile_bomb", "compile_bomb_ifs"} {
		module, err := os.ReadFile("../testdata/hostile/" + name + ".wasm")
		if err != nil {
			t.Fatal(err)
		}
		_, err = open(t).Compiled(t.Context(), module)
		t.Logf("%s, %d bytes: %v", name, len(module), err)
		if !errors.Is(err, errTooLarge) && !errors.Is(err, errTooSlow) { // which one is met first depends on the machine
			t.Errorf("%s, of %d bytes: %v", name, len(module), err)
		}
	}
}

func TestWhatIsNotUsedGoes(t *testing.T) {
	c := open(t)
	use(t, c, smallest)
	old := time.Now().Add(-keepUnused - time.Hour)
	for name, when := range map[string]time.Time{unfinished + "old": time.Now().Add(-2 * time.Hour), unfinished + "new": time.Now(), "old": old} {
		dir := filepath.Join(c.dir, name)
		if err := errors.Join(os.Mkdir(dir, 0o700), os.Chtimes(dir, when, when)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(c.dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{unfinished + "old": false, unfinished + "new": true, "old": false} {
		if _, err := os.Stat(filepath.Join(c.dir, name)); (err == nil) != want {
			t.Errorf("%s is there: %t", name, err == nil)
		}
	}
	c.idle("exit 9")
	use(t, c, smallest)

	for n := range keepMost {
		if err := os.Mkdir(filepath.Join(c.dir, fmt.Sprint(n)), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	use(t, c, smallest) // which makes it the newest
	if _, err := Open(c.dir); err != nil {
		t.Fatal(err)
	}
	if there, err := os.ReadDir(c.dir); err != nil || len(there) != keepMost {
		t.Errorf("%d are kept, %v", len(there), err)
	}
	use(t, c, smallest)
}
