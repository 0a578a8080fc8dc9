package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		createUntilKilled(path)
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func created(t testing.TB, s *Store, session Session) Session {
	t.Helper()
	session, err := s.Create(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// reopened closes a store and opens its file again, as a restart does.
func reopened(t testing.TB, s *Store) *Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return open(t, s.file.path)
}

func has(t *testing.T, s *Store, want bool, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if _, ok := s.Get(id); ok != want {
			t.Errorf("session %s is there: %v, want %v", id, ok, want)
		}
	}
}

func owned(record string) Session {
	s := sample()
	s.RecordID = record
	return s
}

func TestSessionsSurviveARestart(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "a dir?#%", "..", "sessions ?#%.db"))
	want := created(t, s, sample())
	got, ok := s.Get(want.ID)
	if !ok || got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	s = reopened(t, s)
	got, ok = s.Get(want.ID)
	if !ok || !got.Proved.IsZero() {
		t.Errorf("after a restart: there %v, proved at %v, want never", ok, got.Proved)
	}
	if !got.Created.Equal(want.Created.Truncate(time.Millisecond)) || !got.Expires.Equal(want.Expires.Truncate(time.Millisecond)) {
		t.Errorf("times %v and %v, want %v and %v", got.Created, got.Expires, want.Created, want.Expires)
	}
	got.Created, got.Expires, got.Proved = want.Created, want.Expires, want.Proved
	if got != want {
		t.Errorf("after a restart: %#v, want %#v", got, want)
	}
}

func TestFileIsPrivate(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	created(t, s, sample())
	names, err := filepath.Glob(s.file.path + "*")
	if err != nil || len(names) < 2 {
		t.Fatalf("files %v, error %v; want the log beside the database", names, err)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, error %v", name, info.Mode(), err)
		}
	}
}

func TestRenew(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	one := created(t, s, sample())
	proved, expires := time.Now(), time.Now().Add(2*time.Hour)
	if err := s.Renew(t.Context(), one.ID, "fresh", expires, proved); err != nil {
		t.Fatal(err)
	}
	got, _ := s.Get(one.ID)
	if got.Upstream != "fresh" || !got.Expires.Equal(expires) || !got.Proved.Equal(proved) {
		t.Errorf("renewed to %#v", got)
	}
	got, _ = reopened(t, s).Get(one.ID)
	if got.Upstream != "fresh" || got.Expires.UnixMilli() != expires.UnixMilli() {
		t.Errorf("after a restart: %#v", got)
	}
}

func TestRenewOfWhatEnded(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	one := created(t, s, sample())
	if err := s.Delete(t.Context(), one.ID); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{one.ID, "", "none"} {
		if err := s.Renew(t.Context(), id, "fresh", time.Now().Add(time.Hour), time.Now()); !errors.Is(err, ErrGone) {
			t.Errorf("renewing %q: %v, want ErrGone", id, err)
		}
	}
	has(t, reopened(t, s), false, one.ID)
}

func TestDelete(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	a1, a2, b := created(t, s, owned("a")), created(t, s, owned("a")), created(t, s, owned("b"))
	other := owned("a")
	other.CollectionID = "another"
	c := created(t, s, other)

	ended, cancel := context.WithCancel(t.Context())
	cancel() // the client that signed out has hung up
	if err := s.Delete(ended, b.ID); err != nil {
		t.Error(err)
	}
	if err := s.Delete(t.Context(), "none"); err != nil {
		t.Error(err)
	}
	has(t, s, false, b.ID)
	has(t, s, true, a1.ID, a2.ID, c.ID)
	if err := s.DeleteRecord(ended, "_pb_users_auth_", "a"); err != nil {
		t.Error(err)
	}
	has(t, s, false, a1.ID, a2.ID)
	s = reopened(t, s)
	has(t, s, false, a1.ID, a2.ID, b.ID)
	has(t, s, true, c.ID)
	if s.Len() != 1 || len(s.byOwner) != 1 {
		t.Errorf("%d sessions of %d owners are left, want one", s.Len(), len(s.byOwner))
	}
}

func TestSuspect(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	a, b := created(t, s, owned("a")), created(t, s, owned("b"))
	before := time.Now()
	proved := func(id string, want time.Time) {
		t.Helper()
		if got, _ := s.Get(id); !got.Proved.Equal(want) {
			t.Errorf("proved at %v, want %v", got.Proved, want)
		}
	}
	s.Suspect("_pb_users_auth_", "a")
	proved(a.ID, time.Time{})
	proved(b.ID, b.Proved)

	s.Proved(a.ID, before) // asked before the suspicion arose
	proved(a.ID, time.Time{})
	if err := s.Renew(t.Context(), a.ID, "fresh", time.Now().Add(time.Hour), before); err != nil {
		t.Fatal(err)
	}
	proved(a.ID, time.Time{})

	after := time.Now().Add(time.Second)
	s.Proved(a.ID, after)
	proved(a.ID, after)
	s.Proved(a.ID, after.Add(-time.Millisecond)) // answers may come in any order
	proved(a.ID, after)
	s.Proved("none", after)
	s.Suspect("none", "none")
}

func TestExpiry(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(filepath.Join(dir, "sessions.db"))
		if err != nil {
			t.Fatal(err)
		}
		short, long := sample(), sample()
		short.Expires, long.Expires = time.Now().Add(time.Minute), time.Now().Add(time.Hour)
		short, long = created(t, s, short), created(t, s, long)
		time.Sleep(time.Minute - time.Nanosecond)
		has(t, s, true, short.ID, long.ID)
		time.Sleep(time.Nanosecond)
		has(t, s, false, short.ID)
		if err := s.Renew(t.Context(), short.ID, "fresh", time.Now().Add(time.Hour), time.Now()); !errors.Is(err, ErrGone) {
			t.Errorf("renewing an expired one: %v", err)
		}
		time.Sleep(sweepEvery)
		synctest.Wait()
		if s.Len() != 1 || rows(t, s) != 1 {
			t.Errorf("after the sweep %d are in memory and %d in the file, want 1", s.Len(), rows(t, s))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if s, err = Open(filepath.Join(dir, "sessions.db")); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		if has(t, s, false, long.ID); s.Len() != 0 || rows(t, s) != 0 {
			t.Errorf("a start loaded %d expired ones and left %d in the file", s.Len(), rows(t, s))
		}
	})
}

func rows(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.file.db.QueryRow("SELECT count(*) FROM sessions").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOpenFailure(t *testing.T) {
	dir := t.TempDir()
	f := func(path, want string) {
		t.Helper()
		s, err := Open(path)
		if err == nil {
			_ = s.Close()
			t.Errorf("%s: opened, want %s", path, want)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	f(filepath.Join(dir, "none", "sessions.db"), "make state_dir writable")
	f(dir, "make state_dir writable")

	damaged := filepath.Join(dir, "damaged.db")
	if err := os.WriteFile(damaged, []byte(strings.Repeat("not a database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	f(damaged, "is damaged: restore it, or move it away")

	newer := open(t, filepath.Join(dir, "newer.db"))
	if _, err := newer.file.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := newer.Close(); err != nil {
		t.Fatal(err)
	}
	f(newer.file.path, "was written by a newer Hapta")

	f(open(t, filepath.Join(dir, "used.db")).file.path, "another hapta-server runs with the same state_dir")
}

func TestUnwritableFileIsReported(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	one := created(t, s, sample())
	if err := s.file.close(); err != nil { // stands for a disk that fails
		t.Fatal(err)
	}
	if _, err := s.Create(t.Context(), sample()); err == nil || !strings.Contains(err.Error(), "could not be kept") {
		t.Errorf("create: %v", err)
	}
	if err := s.Renew(t.Context(), one.ID, "fresh", one.Expires, one.Proved); err == nil || !strings.Contains(err.Error(), "could not be renewed") {
		t.Errorf("renew: %v", err)
	}
	if got, _ := s.Get(one.ID); got != one || s.Len() != 1 {
		t.Errorf("what could not be written was done in memory: %#v of %d", got, s.Len())
	}
	if err := s.Delete(t.Context(), one.ID); err == nil || !strings.Contains(err.Error(), "could not be deleted") {
		t.Errorf("delete: %v", err)
	}
	has(t, s, false, one.ID)
}

func TestManyAtOnce(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"))
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			record := fmt.Sprint(g % 3)
			for i := range 20 {
				one := created(t, s, owned(record))
				s.Suspect(one.CollectionID, record)
				s.Proved(one.ID, time.Now())
				_ = s.Renew(t.Context(), one.ID, "fresh", one.Expires, time.Now())
				s.Get(one.ID)
				var err error
				switch i % 3 {
				case 0:
					err = s.Delete(t.Context(), one.ID)
				case 1:
					err = s.DeleteRecord(t.Context(), one.CollectionID, record)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if s.Len() != rows(t, s) {
		t.Errorf("%d in memory, %d in the file", s.Len(), rows(t, s))
	}
}

func TestSessionPrintsNoSecret(t *testing.T) {
	s := sample()
	s.ID, s.Upstream = "hunter2", "hunter2"
	var out strings.Builder
	slog.New(slog.NewJSONHandler(&out, nil)).Info("s", "session", s)
	slog.New(slog.NewTextHandler(&out, nil)).Info("s", "session", s)
	fmt.Fprintf(&out, "%v %+v %s", s, s, s)
	if strings.Contains(out.String(), "hunter2") || !strings.Contains(out.String(), s.RecordID) {
		t.Error(out.String())
	}
}
