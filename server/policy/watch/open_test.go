package watch

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestOpen(t *testing.T) {
	f := func(name string, arrange func(dir string), want map[string]string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			arrange(dir)
			r := open(t, dir)
			defer r.Close()
			entries := r.Set().Entries
			if len(entries) != len(want) {
				t.Fatalf("entries: %v", entries)
			}
			for stem, reason := range want {
				entry := entries[stem]
				switch {
				case reason == "" && (entry.Err != nil || entry.Policy.Name() != stem):
					t.Errorf("%s should have loaded: %v", stem, entry.Err)
				case reason != "" && entry.Policy != nil:
					t.Errorf("%s should have been refused", stem)
				case reason != "" && !strings.Contains(entry.Err.Error(), reason):
					t.Errorf("%s is refused because %q, not because %q", stem, entry.Err, reason)
				}
			}
		})
	}
	put := func(dir, name string, content []byte) { write(t, filepath.Join(dir, name), content) }

	f("empty", func(string) {}, nil)
	f("any case", func(dir string) {
		put(dir, "Posts.wasm", module("a"))
		put(dir, "_default.WASM", module("b"))
	}, map[string]string{"posts": "", "_default": ""})
	f("what is no policy", func(dir string) {
		put(dir, ".posts.wasm", module("a"))
		put(dir, ".wasm", module("a"))
		put(dir, "posts.ts", module("a"))
		put(dir, "posts.wasm~", module("a"))
		must(t, os.Mkdir(filepath.Join(dir, "folder.wasm"), 0o700))
		must(t, os.Symlink("folder.wasm", filepath.Join(dir, "linked.wasm")))
	}, nil)
	f("broken ones beside a good one", func(dir string) {
		put(dir, "posts.wasm", module("a"))
		put(dir, "empty.wasm", nil)
		put(dir, "half.wasm", half("a"))
		put(dir, "text.wasm", []byte("export function before(): void {}"))
	}, map[string]string{"posts": "", "empty": "empty.wasm: policy empty: ", "half": "half.wasm: policy half: ", "text": "text.wasm: policy text: "})
	f("two of one name", func(dir string) {
		put(dir, "posts.wasm", module("a"))
		put(dir, "Posts.wasm", module("a"))
		put(dir, "users.wasm", module("a"))
	}, map[string]string{"posts": "Posts.wasm and posts.wasm are named after the same collection: keep one", "users": ""})
	f("too large", func(dir string) {
		put(dir, "posts.wasm", nil)
		must(t, os.Truncate(filepath.Join(dir, "posts.wasm"), 1<<40))
	}, map[string]string{"posts": "is larger than the"})
	f("pipe", func(dir string) {
		must(t, syscall.Mkfifo(filepath.Join(dir, "posts.wasm"), 0o600))
	}, map[string]string{"posts": "is not a regular file"})
	f("links", func(dir string) {
		put(dir, "target", module("a"))
		must(t, os.Symlink("target", filepath.Join(dir, "good.wasm")))
		must(t, os.Symlink("nowhere", filepath.Join(dir, "bad.wasm")))
	}, map[string]string{"good": "", "bad": "bad.wasm is a link that leads to no file"})
}

func TestOpenUnreadableFile(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "posts.wasm"), module("a"))
	must(t, os.Chmod(filepath.Join(dir, "posts.wasm"), 0))
	r := open(t, dir)
	defer r.Close()
	if err := r.Set().Entries["posts"].Err; !errors.Is(err, fs.ErrPermission) {
		t.Fatalf("got %v", err)
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(t.Context(), filepath.Join(dir, "none"), engine().Load, slog.Default())
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "create it, or name another one as dir in [policies]") {
		t.Errorf("a folder that is not there: %v", err)
	}
	write(t, filepath.Join(dir, "file"), nil)
	if _, err := Open(t.Context(), filepath.Join(dir, "file"), engine().Load, slog.Default()); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("a file: %v", err)
	}
	write(t, filepath.Join(dir, "posts.wasm"), module("a"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, dir, engine().Load, slog.Default()); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
}

// A file of the greatest size is read; one byte more is not.
func TestReadBound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "posts.wasm")
	write(t, path, bytes.Repeat([]byte{1}, int(maxModule)))
	if content, _, err := read(path); err != nil || len(content) != int(maxModule) {
		t.Errorf("at the bound: %d bytes, %v", len(content), err)
	}
	write(t, path, bytes.Repeat([]byte{1}, int(maxModule)+1))
	if _, _, err := read(path); err == nil || err.Error() != tooLarge(path).Error() {
		t.Errorf("over the bound: %v", err)
	}
}
