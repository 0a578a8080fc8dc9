package session

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// file is the sessions on disk.
type file struct {
	path string
	db   *sql.DB
}

// migrations bring the file from one version to the next. The version is kept in
// its user_version.
var migrations = []string{
	`CREATE TABLE sessions (
	id TEXT PRIMARY KEY, collection_id TEXT NOT NULL, collection_name TEXT NOT NULL, record_id TEXT NOT NULL,
	upstream TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, refreshable INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;`,
	`CREATE TABLE spent (id TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = 2;`,
}

// pragmas: a write-ahead log makes a change one append. With synchronous=FULL
// that append is on the disk before a call returns: NORMAL would survive a
// killed process as well, but a power cut could bring back a session that was
// revoked. The exclusive lock keeps a second server away from the file, whose
// memory would not know of this one's changes.
var pragmas = []string{"busy_timeout(2000)", "locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(FULL)"}

func openFile(path string) (*file, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	// SQLite would make the file at the umask's mode; its log takes the mode of the file.
	made, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sessions can't be kept, make state_dir writable: %w", err)
	}
	_ = made.Close()
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_pragma": pragmas}.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	db.SetMaxOpenConns(1) // the connection holds the lock
	f := &file{path, db}
	if err := f.migrate(); err != nil {
		_ = db.Close()
		return nil, explain(path, err)
	}
	return f, nil
}

// migrate brings a file to the newest version and refuses a newer one.
func (f *file) migrate() error {
	var version int
	if err := f.db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > len(migrations) {
		return errNewer
	}
	if version == len(migrations) {
		return nil
	}
	tx, err := f.db.Begin()
	if err != nil {
		return err
	}
	for _, step := range migrations[version:] {
		if _, err := tx.Exec(step); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

var errNewer = errors.New("newer version")

// explain says what to do about a file that can't be opened.
func explain(path string, err error) error {
	var e *sqlite.Error
	code := 0
	if errors.As(err, &e) {
		code = e.Code() & 0xff
	}
	switch {
	case errors.Is(err, errNewer):
		return fmt.Errorf("%s was written by a newer Hapta: run that one, or move the file away, which signs everyone out", path)
	case code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%s is in use: another hapta-server runs with the same state_dir, stop it or give this one its own", path)
	case code == sqlite3.SQLITE_NOTADB || code == sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%s is damaged: restore it, or move it away, which signs everyone out: %w", path, err)
	default:
		return fmt.Errorf("%s: %w", path, err)
	}
}

func (f *file) close() error { return f.db.Close() }

// load reads what has not expired and forgets the rest. Nothing counts as
// proved: what PocketBase did meanwhile is not known.
func (f *file) load(now time.Time) ([]Session, error) {
	if _, err := f.db.Exec("DELETE FROM sessions WHERE expires <= ?", now.UnixMilli()); err != nil {
		return nil, explain(f.path, err)
	}
	rows, err := f.db.Query("SELECT id, collection_id, collection_name, record_id, upstream, created, expires, refreshable FROM sessions")
	if err != nil {
		return nil, explain(f.path, err)
	}
	defer func() { _ = rows.Close() }()
	var all []Session
	for rows.Next() {
		var s Session
		var created, expires int64
		if err := rows.Scan(&s.ID, &s.CollectionID, &s.CollectionName, &s.RecordID, &s.Upstream, &created, &expires, &s.Refreshable); err != nil {
			return nil, explain(f.path, err)
		}
		s.Created, s.Expires = time.UnixMilli(created), time.UnixMilli(expires)
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		return nil, explain(f.path, err)
	}
	return all, nil
}

func (f *file) insert(ctx context.Context, s Session) error { return insert(ctx, f.db, s) }

// execer is the file, or one change of several rows of it.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func insert(ctx context.Context, db execer, s Session) error {
	_, err := db.ExecContext(ctx, "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", s.ID, s.CollectionID,
		s.CollectionName, s.RecordID, s.Upstream, s.Created.UnixMilli(), s.Expires.UnixMilli(), s.Refreshable)
	return failed("kept", err)
}

func (f *file) renew(ctx context.Context, id, upstream string, expires time.Time) error {
	_, err := f.db.ExecContext(ctx, "UPDATE sessions SET upstream = ?, expires = ? WHERE id = ?", upstream, expires.UnixMilli(), id)
	return failed("renewed", err)
}

// delete removes sessions, all or none.
func (f *file) delete(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return failed("deleted", err)
	}
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE id = ?", id); err != nil {
			return failed("deleted", errors.Join(err, tx.Rollback()))
		}
	}
	return failed("deleted", tx.Commit())
}

func failed(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("a session could not be %s in sessions.db: %w", what, err)
}
