package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/hapta/hapta/server/metrics"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		createUntilKilled(path)
	}
	goleak.VerifyTestMain(m)
}

var (
	secretA = []byte("0123456789abcdef0123456789abcdef")
	secretB = []byte("fedcba9876543210fedcba9876543210")
	rules   = Rules{Grace: 30 * time.Second}
)

func opened(t testing.TB, path string, secrets ...[]byte) *Manager {
	t.Helper()
	store, err := OpenSQLite(path)
	if err != nil {
		t.Fatal(err)
	}
	if secrets == nil {
		secrets = [][]byte{secretA}
	}
	m, err := NewManager(store, secrets, slog.New(slog.DiscardHandler), metrics.New())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

func open(t testing.TB) *Manager {
	t.Helper()
	return opened(t, filepath.Join(t.TempDir(), "sessions.db"))
}

// reopened closes a manager and opens its file again, as a restart does.
func reopened(t testing.TB, m *Manager) *Manager {
	t.Helper()
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return opened(t, m.store.(*SQLite).path)
}

func created(t testing.TB, m *Manager, s Session) Session {
	t.Helper()
	s, err := m.Create(t.Context(), rules, s)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func minted(t testing.TB, m *Manager, s Session) string {
	t.Helper()
	token, err := m.Mint(s)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func has(t *testing.T, m *Manager, want bool, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if _, err := m.Get(t.Context(), id); (err == nil) != want || err != nil && !errors.Is(err, ErrGone) {
			t.Errorf("session %s: %v; want it there: %v", id, err, want)
		}
	}
}

func owned(record string) Session {
	s := sample()
	s.RecordID = record
	return s
}

// kept is what a restart leaves of a session.
func kept(s Session) Session {
	for _, at := range []*time.Time{&s.Created, &s.Used, &s.Rolled, &s.Expires} {
		*at = time.UnixMilli(at.UnixMilli())
	}
	s.Proved = time.Time{}
	return s
}

func TestSessionsSurviveARestart(t *testing.T) {
	m := opened(t, filepath.Join(t.TempDir(), "a dir?#%", "..", "sessions ?#%.db"))
	want := created(t, m, sample())
	token := minted(t, m, want)
	m = reopened(t, m)
	got, err := m.Get(t.Context(), want.ID)
	if err != nil || !reflect.DeepEqual(got, kept(want)) {
		t.Errorf("after a restart: %#v, %v; want %#v", got, err, kept(want))
	}
	if s, _, err := m.Identify(t.Context(), rules, token); s.ID != want.ID || err != nil {
		t.Errorf("its token speaks for %v: %v", s, err)
	}
}

func TestEnd(t *testing.T) {
	m := open(t)
	var told []string
	m.OnEnd(func(ids []string) { told = append(told, ids...) })
	a1, a2, b := created(t, m, owned("a")), created(t, m, owned("a")), created(t, m, owned("b"))
	other := owned("a")
	other.CollectionID = "another"
	c := created(t, m, other)

	ended, cancel := context.WithCancel(t.Context())
	cancel() // the client that signed out has hung up
	if err := m.End(ended, b.ID); err != nil {
		t.Error(err)
	}
	if err := m.End(t.Context(), "none"); err != nil {
		t.Error(err)
	}
	has(t, m, false, b.ID)
	has(t, m, true, a1.ID, a2.ID, c.ID)
	m = reopened(t, m) // what is not in memory ends as well
	m.OnEnd(func(ids []string) { told = append(told, ids...) })
	if n, err := m.EndUser(ended, "_pb_users_auth_", "a", a2.ID); n != 1 || err != nil {
		t.Error(n, err)
	}
	has(t, m, false, a1.ID)
	has(t, m, true, a2.ID, c.ID)
	m = reopened(t, m)
	has(t, m, false, a1.ID, b.ID)
	has(t, m, true, a2.ID, c.ID)
	if n, err := m.EndUser(t.Context(), "_pb_users_auth_", "", ""); n != 1 || err != nil {
		t.Error(n, err)
	}
	has(t, m, false, a2.ID)
	has(t, m, true, c.ID)
	if want := []string{b.ID, "none", a1.ID}; !reflect.DeepEqual(told, want) {
		t.Errorf("told of %v; want %v", told, want)
	}
}

func TestTheOldestGoFirst(t *testing.T) {
	m := open(t)
	var all []Session
	for range 5 {
		s, err := m.Create(t.Context(), Rules{MaxPerUser: 3}, sample())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
		created(t, m, owned("another"))
		time.Sleep(2 * time.Millisecond) // they are kept to the millisecond
	}
	has(t, m, false, all[0].ID, all[1].ID)
	has(t, m, true, all[2].ID, all[3].ID, all[4].ID)
	if others, err := m.List(t.Context(), "_pb_users_auth_", "another", 0); len(others) != 5 || err != nil {
		t.Errorf("%d of another user are left: %v", len(others), err)
	}
}

func TestSuspect(t *testing.T) {
	m := open(t)
	a, b := created(t, m, owned("a")), created(t, m, owned("b"))
	before := time.Now()
	proved := func(id string, want time.Time) {
		t.Helper()
		if got, _ := m.Get(t.Context(), id); !got.Proved.Equal(want) {
			t.Errorf("proved at %v, want %v", got.Proved, want)
		}
	}
	m.Suspect("_pb_users_auth_", "a")
	proved(a.ID, time.Time{})
	proved(b.ID, b.Proved)

	m.Proved(a.ID, before) // asked before the suspicion arose
	proved(a.ID, time.Time{})
	if _, err := m.Refresh(t.Context(), rules, a.ID, 0, Renewal{Upstream: "fresh", Expires: a.Expires, Proved: before}); err != nil {
		t.Fatal(err)
	}
	proved(a.ID, time.Time{})
	m.memory.forget(a.ID) // nor if it had to leave memory meanwhile
	proved(a.ID, time.Time{})
	m.Proved(a.ID, before)
	proved(a.ID, time.Time{})

	after := time.Now().Add(time.Second)
	m.Proved(a.ID, after)
	proved(a.ID, after)
	m.Proved(a.ID, after.Add(-time.Millisecond)) // answers may come in any order
	proved(a.ID, after)
	m.Proved("none", after)
	m.Suspect("none", "none")

	late := owned("a")
	late.Proved = before // signed in before, opened after
	m.Suspect("_pb_users_auth_", "a")
	proved(created(t, m, late).ID, time.Time{})

	before, after = time.Now(), time.Now().Add(time.Hour)
	m.Proved(a.ID, before)
	m.SuspectAll()
	for _, id := range []string{a.ID, b.ID} {
		proved(id, time.Time{})
		m.Proved(id, before)
		proved(id, time.Time{})
		m.Proved(id, after)
		proved(id, after)
	}
}

func TestExpiry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	synctest.Test(t, func(t *testing.T) {
		m := opened(t, path)
		defer func() { _ = m.Close() }()
		short, long := sample(), sample()
		short.Expires, long.Expires = time.Now().Add(time.Minute), time.Now().Add(time.Hour)
		short, long = created(t, m, short), created(t, m, long)
		time.Sleep(time.Minute - time.Millisecond)
		has(t, m, true, short.ID, long.ID)
		time.Sleep(time.Millisecond)
		has(t, m, false, short.ID)
		if _, err := m.Refresh(t.Context(), rules, short.ID, 0, Renewal{}); !errors.Is(err, ErrGone) {
			t.Errorf("refreshing an expired one: %v", err)
		}
		time.Sleep(sweepEvery)
		synctest.Wait()
		if len(m.memory.live) != 1 || rows(t, m) != 1 {
			t.Errorf("after the sweep %d are in memory and %d in the file, want 1", len(m.memory.live), rows(t, m))
		}
	})
}

func rows(t *testing.T, m *Manager) (n int) {
	t.Helper()
	if err := m.store.(*SQLite).db.QueryRow("SELECT count(*) FROM sessions").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// When a session was last used is written down once a minute.
func TestUsesAreWrittenOnceAMinute(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	synctest.Test(t, func(t *testing.T) {
		m := opened(t, path)
		defer func() { _ = m.Close() }()
		s := created(t, m, sample())
		token := minted(t, m, s)
		written := func() time.Duration {
			stored, err := m.store.Load(t.Context(), s.ID)
			if err != nil {
				t.Fatal(err)
			}
			return stored.Used.Sub(stored.Created)
		}
		time.Sleep(20 * time.Second)
		if _, _, err := m.Identify(t.Context(), rules, token); err != nil {
			t.Fatal(err)
		}
		all, err := m.List(t.Context(), s.CollectionID, s.RecordID, 0)
		if err != nil || len(all) != 1 || all[0].Used.Sub(all[0].Created) != 20*time.Second || written() != 0 {
			t.Errorf("used after %v, written down after %v: %v", all[0].Used.Sub(all[0].Created), written(), err)
		}
		time.Sleep(sweepEvery)
		synctest.Wait()
		if written() != 20*time.Second {
			t.Errorf("written down after %v", written())
		}
	})
}

func TestUsesAreWrittenAtTheEnd(t *testing.T) {
	lived(t, func(t *testing.T, c *client) {
		time.Sleep(20 * time.Second)
		id := c.uses(nil).ID
		m := reopened(t, c.Manager)
		defer func() { _ = m.Close() }()
		if s, err := m.Get(t.Context(), id); err != nil || s.Used.Sub(s.Created) != 20*time.Second {
			t.Errorf("used after %v: %v", s.Used.Sub(s.Created), err)
		}
	})
}

// Those that were not used lately leave memory, and come back from the store.
func TestMemoryIsBounded(t *testing.T) {
	m := open(t)
	m.memory.limit = 50
	var all []Session
	for i := range 200 {
		all = append(all, created(t, m, owned(fmt.Sprint(i))))
		if n := len(m.memory.live); n > 50 || len(m.memory.byUser) > 50 {
			t.Fatalf("%d are in memory", n)
		}
	}
	for _, s := range all {
		has(t, m, true, s.ID)
	}
	if err := m.End(t.Context(), idsOf(all)...); err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		has(t, m, false, s.ID)
	}
	if len(m.memory.live)+len(m.memory.byUser)+len(m.memory.ended) != 0 {
		t.Errorf("%d are left", len(m.memory.live))
	}
}

// One that has to leave memory while it is being read is there nevertheless.
func TestSessionsCrowdEachOtherOut(t *testing.T) {
	m := open(t)
	m.memory.limit = 1
	one, other := created(t, m, sample()), created(t, m, sample())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				has(t, m, true, one.ID, other.ID)
			}
		})
	}
	wg.Wait()
}

func TestUnwritableStoreIsReported(t *testing.T) {
	m := open(t)
	one := created(t, m, sample())
	token := minted(t, m, one)
	if err := m.store.Close(); err != nil { // stands for a disk that fails
		t.Fatal(err)
	}
	if _, err := m.Create(t.Context(), rules, sample()); err == nil || !strings.Contains(err.Error(), "could not be kept") {
		t.Errorf("create: %v", err)
	}
	if _, _, err := m.Identify(t.Context(), rules, token); err != nil {
		t.Errorf("a session in memory: %v", err)
	}
	if _, err := m.Refresh(t.Context(), rules, one.ID, 0, Renewal{}); err == nil || !strings.Contains(err.Error(), "could not be renewed") {
		t.Errorf("refresh: %v", err)
	}
	if err := m.End(t.Context(), one.ID); err == nil || !strings.Contains(err.Error(), "could not be deleted") {
		t.Errorf("end: %v", err)
	}
	if _, err := m.Get(t.Context(), one.ID); err == nil {
		t.Error("an ended session is there")
	}
	if err := m.tidy(t.Context(), time.Now()); err == nil {
		t.Error("the sweep says nothing")
	}
}

// An ended session that the store could not be rid of is refused, and goes when
// the store can be written again.
func TestEndIsTriedAgain(t *testing.T) {
	m := open(t)
	one := created(t, m, sample())
	failing := &failingStore{Store: m.store}
	m.store = failing
	if err := m.End(t.Context(), one.ID); !errors.Is(err, errFull) {
		t.Fatal(err)
	}
	has(t, m, false, one.ID)
	if rows := rowsOf(t, failing.Store); rows != 1 {
		t.Fatalf("%d rows", rows)
	}
	m.store = failing.Store
	if err := m.tidy(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if rows := rowsOf(t, m.store); rows != 0 || len(m.memory.ended) != 0 {
		t.Errorf("%d rows, %d remembered", rows, len(m.memory.ended))
	}
}

var errFull = errors.New("the disk is full")

type failingStore struct{ Store }

func (failingStore) Delete(context.Context, []string) error { return errFull }

func rowsOf(t *testing.T, s Store) int {
	t.Helper()
	all, err := s.List(t.Context(), "_pb_users_auth_", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestManyAtOnce(t *testing.T) {
	m := open(t)
	m.memory.limit = 10
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			record := fmt.Sprint(g % 3)
			for i := range 20 {
				one := created(t, m, owned(record))
				m.Suspect(one.CollectionID, record)
				m.Proved(one.ID, time.Now())
				_, _ = m.Refresh(t.Context(), rules, one.ID, 0, Renewal{Upstream: "fresh", Expires: one.Expires})
				_, _ = m.Get(t.Context(), one.ID)
				var err error
				switch i % 3 {
				case 0:
					err = m.End(t.Context(), one.ID)
				case 1:
					_, err = m.EndUser(t.Context(), one.CollectionID, record, "")
				}
				if err != nil {
					t.Error(err)
				}
				if i%3 == 0 {
					has(t, m, false, one.ID)
				}
			}
		})
	}
	wg.Wait()
	all, err := m.List(t.Context(), "_pb_users_auth_", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for id := range m.memory.live {
		if !bytes.Contains([]byte(strings.Join(idsOf(all), " ")), []byte(id)) {
			t.Errorf("%s is in memory alone", id)
		}
	}
}

func TestSessionPrintsNoSecret(t *testing.T) {
	s := begun(sample())
	s.Upstream = "hush"
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "session", s)
	for _, text := range []string{out.String(), s.String(), fmt.Sprint(s), fmt.Sprintf("%v", s)} {
		if strings.Contains(text, "hush") || strings.Contains(text, fmt.Sprint(s.Seed)) || !strings.Contains(text, "users") {
			t.Errorf("it prints as %s", text)
		}
	}
}
