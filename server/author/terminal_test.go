package author

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestControlCharactersAreShown(t *testing.T) {
	var out bytes.Buffer
	if n, err := (terminal{&out}).Write([]byte("a\x1b[2J\r\u009b31m\té\n")); n != 15 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got := out.String(); got != `a\x1b[2J\r\u009b31m`+"\té\n" {
		t.Errorf("%q", got)
	}
}

func TestOnlyFilesAreRead(t *testing.T) {
	dir := t.TempDir()
	pipe, device, file := filepath.Join(dir, "pipe"), filepath.Join(dir, "device"), filepath.Join(dir, "file")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", device); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, device, dir} {
		if _, err := readFile(path); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if text, err := readFile(file); err != nil || string(text) != "{}" {
		t.Errorf("%q, %v", text, err)
	}
	if err := os.Truncate(file, maxFile+1); err != nil {
		t.Fatal(err)
	}
	if _, err := readFile(file); err == nil || !strings.Contains(err.Error(), "more than 16 MiB") {
		t.Errorf("a large file: %v", err)
	}
}
