package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// ledger is a new one, beside a folder with these policy files.
func ledger(t *testing.T, files ...string) (l *Ledger, policies string) {
	t.Helper()
	policies = t.TempDir()
	for _, file := range files {
		write(t, filepath.Join(policies, file), module("a"))
	}
	l, err := OpenLedger(t.TempDir(), policies)
	must(t, err)
	return l, policies
}

func has(t *testing.T, l *Ledger, id string, want bool) {
	t.Helper()
	got, err := l.Has(id)
	must(t, err)
	if got != want {
		t.Errorf("Has(%s) is %t", id, got)
	}
}

func TestLedger(t *testing.T) {
	l, policies := ledger(t, "posts.wasm", "Users.wasm")
	dir := filepath.Dir(l.path)
	if _, err := os.Stat(l.path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("opening made a file")
	}
	has(t, l, "id1", false)
	must(t, l.Remember("id1", "posts"))
	must(t, l.Remember("id2", "users"))
	has(t, l, "id1", true)

	info, err := os.Stat(l.path)
	must(t, err)
	if info.Mode() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	must(t, l.Remember("id1", "posts"))
	again, err := os.Stat(l.path)
	must(t, err)
	if !os.SameFile(info, again) {
		t.Error("what was known was written again")
	}

	other, err := OpenLedger(dir, policies)
	must(t, err)
	has(t, other, "id2", true)
	must(t, other.Forget("id1"))
	has(t, other, "id1", false)
	has(t, l, "id1", false)
	must(t, l.Forget("id1")) // which is no more
	files, err := filepath.Glob(filepath.Join(dir, ".*"))
	must(t, err)
	if len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}

// What is remembered is a policy that is there, or may be there.
func TestRememberLooksForTheFile(t *testing.T) {
	l, policies := ledger(t, "posts.wasm")
	must(t, l.Remember("id1", "users"))
	has(t, l, "id1", false)
	must(t, os.Rename(policies, policies+".away"))
	must(t, l.Remember("id1", "users"))
	has(t, l, "id1", true)
}

func TestDamagedLedger(t *testing.T) {
	f := func(content, reason string) {
		t.Helper()
		l, policies := ledger(t, "posts.wasm")
		must(t, l.Remember("id1", "posts"))
		write(t, l.path, []byte(content))
		check := func(what string, err error) {
			t.Helper()
			for _, part := range []string{l.path + " is damaged", reason, "put back a good copy"} {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("%s of %q: %v", what, content, err)
				}
			}
		}
		_, err := OpenLedger(filepath.Dir(l.path), policies)
		check("OpenLedger", err)
		_, err = l.Has("id1")
		check("Has", err)
		check("Remember", l.Remember("id2", "posts"))
		check("Forget", l.Forget("id1"))
		_, err = l.Remove("posts")
		check("Remove", err)
		if now, _ := os.ReadFile(l.path); string(now) != content {
			t.Errorf("the damaged %q became %q", content, now)
		}
		if _, err := os.Stat(filepath.Join(policies, "posts.wasm")); err != nil {
			t.Errorf("Remove with a damaged ledger took the file: %v", err)
		}
	}
	f("", "EOF")
	f("{}", "version is 0")
	f(`{"version":1}`, "no collections")
	f(`{"version":1,"collections":null}`, "no collections")
	f(`{"version":2,"collections":{}}`, "version is 2")
	f(`{"version":1,"collections":{"id1":{"name":"pos`, "unexpected EOF")
	f(`{"version":1,"collections":{}}{}`, "follows its end")
	f(`{"version":1,"collections":{},"more":1}`, `unknown field "more"`)
	f("\x00\x00\x00\x00", "invalid character")
}

// A file that vanishes under a running server has not been emptied.
func TestVanishedLedger(t *testing.T) {
	l, _ := ledger(t, "posts.wasm", "users.wasm")
	must(t, l.Remember("id1", "posts"))
	must(t, os.Remove(l.path))
	has(t, l, "id1", true)
	must(t, l.Remember("id2", "users"))
	again, err := OpenLedger(filepath.Dir(l.path), l.policies)
	must(t, err)
	has(t, again, "id1", true)
}

func TestUnwritableLedger(t *testing.T) {
	l, _ := ledger(t, "posts.wasm")
	must(t, os.RemoveAll(filepath.Dir(l.path)))
	err := l.Remember("id1", "posts")
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "make the state directory writable") {
		t.Errorf("got %v", err)
	}
}

func TestHeldLock(t *testing.T) {
	t.Parallel()
	l, _ := ledger(t, "posts.wasm")
	file, err := os.Create(l.path + ".lock")
	must(t, err)
	defer func() { _ = file.Close() }()
	must(t, syscall.Flock(int(file.Fd()), syscall.LOCK_EX))
	if err := l.Remember("id1", "posts"); err == nil || !strings.Contains(err.Error(), "is held by another process") {
		t.Errorf("got %v", err)
	}
	has(t, l, "id1", false)
}

// A collection that was renamed, while another took its name and its policy.
func TestFormerName(t *testing.T) {
	l, policies := ledger(t, "posts.wasm")
	must(t, l.Remember("id1", "posts"))
	must(t, l.Remember("id2", "Posts"))
	done, err := l.Remove("id1")
	must(t, err)
	if len(done.Files) != 0 || done.CollectionID != "id1" {
		t.Errorf("removed %+v", done)
	}
	must(t, l.Remember("id1", "posts"))
	must(t, l.Remember("id2", "posts"))
	done, err = l.Remove("posts")
	must(t, err)
	if len(done.Files) != 1 || done.CollectionID != "id2" {
		t.Errorf("removed %+v", done)
	}
	has(t, l, "id1", true)
	has(t, l, "id2", false)
	if files, _ := policyFiles(policies, "posts"); len(files) != 0 {
		t.Errorf("left: %v", files)
	}
}

func TestLedgerRun(t *testing.T) {
	t.Parallel()
	l, _ := ledger(t, "posts.wasm")
	ctx, cancel := context.WithCancel(t.Context())
	answers := make(chan bool, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.Run(ctx, func() {
			known, err := l.Has("id1")
			answers <- known && err == nil
		})
	}()
	other, err := OpenLedger(filepath.Dir(l.path), l.policies)
	must(t, err)
	if <-answers {
		t.Error("remembered from the start")
	}
	must(t, other.Remember("id1", "posts"))
	if !<-answers {
		t.Error("not told of what another remembers")
	}
	must(t, other.Forget("id1"))
	if <-answers {
		t.Error("not told of what another forgets")
	}
	cancel()
	<-done
}

const childEnv = "HAPTA_TEST_LEDGER"

// Several processes write at once, and nothing of any of them is lost.
func TestLedgerAcrossProcesses(t *testing.T) {
	const children, each = 4, 25
	if setup := os.Getenv(childEnv); setup != "" {
		parts := strings.Split(setup, "\n")
		l, err := OpenLedger(parts[0], parts[1])
		must(t, err)
		for i := range each {
			must(t, l.Remember(fmt.Sprintf("%s-%d", parts[2], i), fmt.Sprintf("c%s%d", parts[2], i)))
			must(t, l.Remember("temporary"+parts[2], "posts"))
			must(t, l.Forget("temporary"+parts[2]))
		}
		return
	}
	l, policies := ledger(t, "posts.wasm")
	var running []*exec.Cmd
	for child := range children {
		for i := range each {
			write(t, filepath.Join(policies, fmt.Sprintf("c%d%d.wasm", child, i)), nil)
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestLedgerAcrossProcesses$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s\n%s\n%d", childEnv, filepath.Dir(l.path), policies, child))
		cmd.Stdout = new(bytes.Buffer)
		must(t, cmd.Start())
		running = append(running, cmd)
	}
	for child, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Fatalf("process %d: %v: %s", child, err, cmd.Stdout)
		}
		for i := range each {
			has(t, l, fmt.Sprintf("%d-%d", child, i), true)
		}
		has(t, l, fmt.Sprintf("temporary%d", child), false)
	}
}
