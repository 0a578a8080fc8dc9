package session

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite is a Store in a file, which one process may have open at a time.
type SQLite struct {
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
	// Tokens of older sessions have no seed, so that nobody could verify them.
	`DROP TABLE sessions;
CREATE TABLE sessions (
	id TEXT PRIMARY KEY, collection_id TEXT NOT NULL, collection_name TEXT NOT NULL, record_id TEXT NOT NULL,
	upstream TEXT NOT NULL, seed BLOB NOT NULL, generation INTEGER NOT NULL, confirmed INTEGER NOT NULL, rolled INTEGER NOT NULL,
	created INTEGER NOT NULL, used INTEGER NOT NULL, expires INTEGER NOT NULL, refreshable INTEGER NOT NULL,
	device TEXT NOT NULL, address TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (collection_id, record_id, created);
CREATE INDEX sessions_by_expiry ON sessions (expires);
CREATE INDEX spent_by_expiry ON spent (expires);
PRAGMA user_version = 3;`,
	// A JSON object; null: nothing is counted.
	`ALTER TABLE sessions ADD COLUMN counts TEXT;
PRAGMA user_version = 4;`,
}

// pragmas: a write-ahead log makes a change one append. With synchronous=FULL
// that append is on the disk before a call returns: NORMAL would survive a
// killed process as well, but a power cut could bring back a session that was
// revoked. The exclusive lock keeps a second server away from the file, whose
// memory would not know of this one's changes.
var pragmas = []string{"busy_timeout(2000)", "locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(FULL)"}

// OpenSQLite opens the file, which is made at mode 0600 if it is not there.
func OpenSQLite(path string) (*SQLite, error) {
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
	q := &SQLite{path, db}
	if err := q.migrate(); err != nil {
		_ = db.Close()
		return nil, explain(path, err)
	}
	return q, nil
}

// migrate brings a file to the newest version and refuses a newer one.
func (q *SQLite) migrate() error {
	var version int
	if err := q.db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > len(migrations) {
		return errNewer
	}
	if version == len(migrations) {
		return nil
	}
	tx, err := q.db.Begin()
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

// Close closes the file.
func (q *SQLite) Close() error { return q.db.Close() }
