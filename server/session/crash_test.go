package session

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// crashEnv names the file that a child process of the test works on.
const crashEnv = "SESSION_TEST_CRASH"

// createUntilKilled creates sessions, deletes every third, and tells each one
// that is done with on standard output.
func createUntilKilled(path string) {
	s, err := Open(path)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	for i := 0; ; i++ {
		one, err := s.Create(context.Background(), sample())
		verdict := "kept"
		if err == nil && i%3 == 0 {
			verdict, err = "deleted", s.Delete(context.Background(), one.ID)
		}
		if err != nil {
			verdict = "error"
		}
		fmt.Println(verdict, one.ID)
	}
}

// TestKilled kills a process in the midst of its writes and looks for what it
// had told to be done.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), crashEnv+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		verdict, id, ok := strings.Cut(lines.Text(), " ")
		if !ok || len(id) < 26 {
			continue // cut off by the kill
		}
		told[id] = verdict
		if len(told) == 300 {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait() // killed
	if len(told) < 300 {
		t.Fatalf("the child told %d sessions only", len(told))
	}
	s := open(t, path)
	for id, verdict := range told {
		switch verdict {
		case "kept", "deleted":
			has(t, s, verdict == "kept", id)
		default:
			t.Errorf("the child told %s %s", verdict, id)
		}
	}
}
