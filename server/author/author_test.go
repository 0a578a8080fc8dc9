package author

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/hapta/hapta/server/policy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const tree = "../../policies"

// tools are those for a folder, and what they have written.
func tools(dir string) (t *Tools, out, errs *bytes.Buffer) {
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	engine := policy.NewEngine(policy.Limits{Fuel: 1_000_000, MemoryBytes: 1 << 20})
	return &Tools{Engine: engine, Dir: dir, Out: out, Err: errs}, out, errs
}

// folder has the demo's policies, and this text as the cases of posts.
func folder(t *testing.T, cases string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"posts.wasm", "users.wasm", "comments.wasm"} {
		copyFile(t, filepath.Join(tree, name), dir)
	}
	if cases != "" {
		write(t, filepath.Join(dir, "posts.test.json"), cases)
	}
	return dir
}

func copyFile(t *testing.T, path, dir string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, filepath.Base(path)), string(text))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantMistake checks what is to be mended, and the exit status.
func wantMistake(t *testing.T, err error, want string) {
	t.Helper()
	var coded interface{ ExitCode() int }
	ok := errors.As(err, &coded)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v; want %q in it", err, want)
	} else if !ok || coded.ExitCode() != 2 {
		t.Errorf("%v does not end with status 2", err)
	}
}

func lacks(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in\n%s", w, text)
		}
	}
}
