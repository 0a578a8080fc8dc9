package session

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestSQLiteStore(t *testing.T) {
	testStore(t, func(t *testing.T) Store {
		s, err := OpenSQLite(filepath.Join(t.TempDir(), "sessions.db"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// testStore is what every Store has to do.
func testStore(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	defer func() { _ = s.Close() }()
	ctx := t.Context()
	insert := func(one Session) Session {
		t.Helper()
		one = begun(one)
		if err := s.Insert(ctx, one); err != nil {
			t.Fatal(err)
		}
		return one
	}
	load := func(id string, want Session) {
		t.Helper()
		if got, err := s.Load(ctx, id); err != nil || !reflect.DeepEqual(got, kept(want)) {
			t.Errorf("got %#v, %v; want %#v", got, err, kept(want))
		}
	}
	gone := func(ids ...string) {
		t.Helper()
		for _, id := range ids {
			if got, err := s.Load(ctx, id); !errors.Is(err, ErrGone) {
				t.Errorf("%s is %v, %v; want it gone", id, got, err)
			}
		}
	}
	one := insert(sample())
	load(one.ID, one)
	gone("", "none")

	next := one
	next.Generation, next.Confirmed, next.Upstream, next.Device, next.Address = 4, 3, "fresh", "Opera", "::1"
	next.Expires, next.Rolled = one.Expires.Add(time.Hour), one.Rolled.Add(time.Second)
	swap := func(old, next Session, want bool) {
		t.Helper()
		if done, err := s.Swap(ctx, old, next); done != want || err != nil {
			t.Errorf("swapped %v, %v; want %v", done, err, want)
		}
	}
	swap(one, next, true)
	load(one.ID, next)
	swap(one, next, false) // its generation is another
	other := next
	other.Confirmed = 2
	swap(other, next, false)
	none := next
	none.ID = "none"
	swap(none, none, false)
	load(one.ID, next)

	if err := s.Touch(ctx, map[string]time.Time{one.ID: one.Used.Add(time.Minute), "none": one.Used}); err != nil {
		t.Error(err)
	}
	next.Used = one.Used.Add(time.Minute)
	load(one.ID, next)

	counted := func(id string, want map[string]int64) {
		t.Helper()
		if got, err := s.Counts(ctx, id); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("counted %v, %v; want %v", got, err, want)
		}
	}
	set := func(counts map[string]map[string]int64) {
		t.Helper()
		if err := s.SetCounts(ctx, counts); err != nil {
			t.Error(err)
		}
	}
	counted(one.ID, map[string]int64{})
	set(map[string]map[string]int64{one.ID: {"create": 3, "a \"b\"/list": 1 << 62}, "none": {"create": 1}})
	counted(one.ID, map[string]int64{"create": 3, "a \"b\"/list": 1 << 62})
	set(map[string]map[string]int64{one.ID: {"create": 2}})
	counted(one.ID, map[string]int64{"create": 2})
	load(one.ID, next)
	newer := next
	newer.Generation++
	swap(next, newer, true) // a roll leaves them
	next = newer
	counted(one.ID, map[string]int64{"create": 2})

	time.Sleep(2 * time.Millisecond) // the order is to the millisecond
	two, theirs := insert(sample()), insert(owned("theirs"))
	elsewhere := sample()
	elsewhere.CollectionID = "another"
	elsewhere = insert(elsewhere)
	expired := sample()
	expired.Expires = time.Now().Add(-time.Second)
	expired = insert(expired)
	gone(expired.ID)
	uncounted := func(ids ...string) {
		t.Helper()
		for _, id := range ids {
			if got, err := s.Counts(ctx, id); !errors.Is(err, ErrGone) {
				t.Errorf("%s counts %v, %v; want it gone", id, got, err)
			}
		}
	}
	uncounted(expired.ID, "none")
	counted(theirs.ID, map[string]int64{})
	list := func(record string, want ...Session) {
		t.Helper()
		if all, err := s.List(ctx, one.CollectionID, record, 0); err != nil || !reflect.DeepEqual(idsOf(all), idsOf(want)) {
			t.Errorf("%q has %v, %v; want %v", record, all, err, want)
		}
	}
	list(one.RecordID, one, two)
	list("nobody")
	if all, err := s.List(ctx, one.CollectionID, "", 0); len(all) != 3 || err != nil {
		t.Errorf("a collection has %d, %v; want 3", len(all), err)
	}

	if err := s.DeleteExpired(ctx, time.Now()); err != nil {
		t.Error(err)
	}
	load(one.ID, next)
	if err := s.Delete(ctx, []string{one.ID, "none", theirs.ID}); err != nil {
		t.Error(err)
	}
	gone(one.ID, theirs.ID)
	uncounted(one.ID, theirs.ID)
	load(two.ID, two)

	token := acceptable("a token")
	from := begun(sample())
	spent := func(want bool) {
		t.Helper()
		if got, err := s.Spent(ctx, token.ID); got != want || err != nil {
			t.Errorf("spent: %v, %v; want %v", got, err, want)
		}
	}
	spent(false)
	if err := s.Exchange(ctx, token, from); err != nil {
		t.Fatal(err)
	}
	spent(true)
	if err := s.Spend(ctx, token); err != nil {
		t.Error(err)
	}
	load(from.ID, from)
	again := begun(sample())
	if err := s.Exchange(ctx, token, again); !errors.Is(err, ErrSpent) {
		t.Errorf("exchanged twice: %v", err)
	}
	gone(again.ID)
	if err := s.DeleteExpired(ctx, token.Expires); err != nil {
		t.Error(err)
	}
	spent(false)
	gone(two.ID, elsewhere.ID)
}

func TestFileIsPrivate(t *testing.T) {
	m := open(t)
	created(t, m, sample())
	names, err := filepath.Glob(m.store.(*SQLite).path + "*")
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

func TestOpenFailure(t *testing.T) {
	dir := t.TempDir()
	f := func(path, want string) {
		t.Helper()
		s, err := OpenSQLite(path)
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

	// A file that lost its end, as by a disk that was full.
	cut := filepath.Join(dir, "cut.db")
	m := opened(t, cut)
	for range 100 {
		created(t, m, sample())
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(cut, 3*4096+100); err != nil {
		t.Fatal(err)
	}
	f(cut, "is damaged: restore it, or move it away")

	newer := filepath.Join(dir, "newer.db")
	m = opened(t, newer)
	if _, err := m.store.(*SQLite).db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	f(newer, "was written by a newer Hapta")

	opened(t, filepath.Join(dir, "used.db"))
	f(filepath.Join(dir, "used.db"), "another hapta-server runs with the same state_dir")
}

// Sessions of the first versions have no seed, and end; tokens that were spent
// stay so.
func TestOlderFilesAreBroughtForward(t *testing.T) {
	m := open(t)
	q := m.store.(*SQLite)
	if _, err := m.Exchange(t.Context(), rules, acceptable("a token"), sample()); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"DROP TABLE sessions", "DROP INDEX spent_by_expiry", migrations[0], "PRAGMA user_version = 2"} {
		if _, err := q.db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	m = reopened(t, m)
	if spent, err := m.Spent(t.Context(), TokenID("a token")); !spent || err != nil {
		t.Errorf("spent: %v, %v", spent, err)
	}
	created(t, m, sample())
}

// Sessions from before anything was counted stay.
func TestSessionsWithoutCountsAreBroughtForward(t *testing.T) {
	m := open(t)
	one := created(t, m, sample())
	for _, sql := range []string{"ALTER TABLE sessions DROP COLUMN counts", "PRAGMA user_version = 3"} {
		if _, err := m.store.(*SQLite).db.Exec(sql); err != nil {
			t.Fatal(err)
		}
	}
	m = reopened(t, m)
	has(t, m, true, one.ID)
	if counts, err := m.store.Counts(t.Context(), one.ID); len(counts) != 0 || err != nil {
		t.Errorf("it counts %v: %v", counts, err)
	}
}
