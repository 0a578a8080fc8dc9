package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func prepared(t *testing.T, dir string) string {
	t.Helper()
	c := &Config{Server: Server{StateDir: dir}}
	if err := c.PrepareState(); err != nil {
		t.Error(err)
		return ""
	}
	return string(c.Secrets.JWTKeys()[0])
}

func TestSecretIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "state")
	first := prepared(t, dir)
	if len(first) < minSecret || prepared(t, dir) != first {
		t.Errorf("the secret is not the one kept")
	}
	mode := func(name string, want os.FileMode) {
		t.Helper()
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode().Perm(), want)
		}
	}
	mode(dir, 0o700)
	mode(filepath.Join(dir, secretFile), 0o600)
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestGivenSecretIsNotKept(t *testing.T) {
	dir := t.TempDir()
	c := &Config{Server: Server{StateDir: dir}, Secrets: Secrets{JWTSecrets: []Secret{NewSecret(secret32)}}}
	if err := c.PrepareState(); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 || c.Secrets.JWTSecrets[0].Reveal() != secret32 {
		t.Errorf("kept %v", entries)
	}
}

func TestManyAtOnceShareTheSecret(t *testing.T) {
	dir := t.TempDir()
	all := make([]string, 16)
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() { all[i] = prepared(t, dir) })
	}
	wg.Wait()
	for _, s := range all {
		if s != all[0] {
			t.Fatalf("two secrets came of one folder")
		}
	}
}

func TestPrepareStateFailure(t *testing.T) {
	f := func(dir, want string) {
		t.Helper()
		err := (&Config{Server: Server{StateDir: dir}}).PrepareState()
		var p Problem
		if !errors.As(err, &p) || !strings.Contains(err.Error(), want) || p.ExitCode() != 2 {
			t.Errorf("%s: got %v, want %s", dir, err, want)
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "x")
	f(filepath.Join(dir, "file"), "cannot be made: not a directory; make it writable")
	f("/proc/none", "server.state_dir: cannot be made: no such file or directory")

	write(t, filepath.Join(dir, "short", secretFile), "tooshort")
	f(filepath.Join(dir, "short"), "jwt_secret: expected at least 32 bytes, found 8; restore it, or delete it")
	if err := os.MkdirAll(filepath.Join(dir, "folder", secretFile), 0o755); err != nil {
		t.Fatal(err)
	}
	f(filepath.Join(dir, "folder"), "jwt_secret: cannot be read: is a directory")
}
