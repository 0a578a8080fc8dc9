package session

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hapta/hapta/server/metrics"
)

// crashEnv names the file that a child process of the test works on.
const crashEnv = "SESSION_TEST_CRASH"

// createUntilKilled creates sessions, rolls each, deletes every third, and tells each one
// that is done with on standard output.
func createUntilKilled(path string) {
	store, err := OpenSQLite(path)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	m, err := NewManager(store, [][]byte{secretA}, slog.New(slog.DiscardHandler), metrics.New())
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	ctx := context.Background()
	for i := 0; ; i++ {
		one, err := m.Create(ctx, rules, sample())
		verdict := "kept"
		if err == nil {
			_, err = m.Refresh(ctx, rules, one.ID, 0, Renewal{Upstream: "fresh", Expires: one.Expires})
		}
		if err == nil && i%3 == 0 {
			verdict, err = "deleted", m.End(ctx, one.ID)
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
	m := opened(t, path)
	for id, verdict := range told {
		switch verdict {
		case "kept", "deleted":
			has(t, m, verdict == "kept", id)
			if s, _ := m.Get(t.Context(), id); verdict == "kept" && (s.Generation != 1 || s.Upstream != "fresh") {
				t.Errorf("a roll is lost: %v of generation %d", s, s.Generation)
			}
		default:
			t.Errorf("the child told %s %s", verdict, id)
		}
	}
}

// A full disk refuses what is new, and leaves what was there as it was.
func TestFullDisk(t *testing.T) {
	m := open(t)
	one := created(t, m, sample())
	token := minted(t, m, one)
	size := func(pages int) {
		t.Helper()
		if _, err := m.store.(*SQLite).db.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	size(1) // no more than there are
	var all []string
	var err error
	for range 1000 {
		var s Session
		if s, err = m.Create(t.Context(), rules, sample()); err != nil {
			break
		}
		all = append(all, s.ID)
	}
	if err == nil || !strings.Contains(err.Error(), "could not be kept") || !strings.Contains(err.Error(), "full") {
		t.Fatalf("after %d sessions: %v", len(all), err)
	}
	long := Renewal{Upstream: strings.Repeat("x", 100_000), Expires: one.Expires}
	if _, err := m.Refresh(t.Context(), rules, one.ID, 0, long); err == nil || !strings.Contains(err.Error(), "could not be renewed") {
		t.Errorf("a refresh: %v", err)
	}
	if s, _, err := m.Identify(t.Context(), rules, token); s.Generation != 0 || err != nil {
		t.Errorf("the session is %v of generation %d: %v", s, s.Generation, err)
	}
	if err := m.End(t.Context(), all[0]); err != nil {
		t.Errorf("ending one: %v", err)
	}
	size(1_000_000)
	m = reopened(t, m)
	has(t, m, true, append(all[1:], one.ID)...)
	has(t, m, false, all[0])
	if roll(t, m, one.ID, 0) == "" || len(all) != rows(t, m) {
		t.Errorf("%d sessions are left of %d", rows(t, m), len(all)+1)
	}
}
