package session

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

const columns = "id, collection_id, collection_name, record_id, upstream, seed, generation, confirmed, rolled, created, used, expires, refreshable, device, address"

// Insert adds a session.
func (q *SQLite) Insert(ctx context.Context, s Session) error {
	return failed("kept", insert(ctx, q.db, s))
}

// execer is the file, or one change of several rows of it.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func insert(ctx context.Context, db execer, s Session) error {
	_, err := db.ExecContext(ctx, "INSERT INTO sessions ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		s.ID, s.CollectionID, s.CollectionName, s.RecordID, s.Upstream, s.Seed, s.Generation, s.Confirmed, s.Rolled.UnixMilli(),
		s.Created.UnixMilli(), s.Used.UnixMilli(), s.Expires.UnixMilli(), s.Refreshable, s.Device, s.Address)
	return err
}

// Load is a session that has not expired.
func (q *SQLite) Load(ctx context.Context, id string) (Session, error) {
	row := q.db.QueryRowContext(ctx, "SELECT "+columns+" FROM sessions WHERE id = ? AND expires > ?", id, time.Now().UnixMilli())
	s, err := scan(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, ErrGone
	}
	return s, failed("read", err)
}

func scan(read func(...any) error) (s Session, err error) {
	var rolled, created, used, expires int64
	err = read(&s.ID, &s.CollectionID, &s.CollectionName, &s.RecordID, &s.Upstream, &s.Seed, &s.Generation, &s.Confirmed, &rolled,
		&created, &used, &expires, &s.Refreshable, &s.Device, &s.Address)
	s.Rolled, s.Created, s.Used, s.Expires = time.UnixMilli(rolled), time.UnixMilli(created), time.UnixMilli(used), time.UnixMilli(expires)
	return s, err
}

// Swap compares the generations, and no more than those are ever compared.
func (q *SQLite) Swap(ctx context.Context, old, next Session) (bool, error) {
	result, err := q.db.ExecContext(ctx, `UPDATE sessions SET upstream = ?, generation = ?, confirmed = ?, rolled = ?, expires = ?, device = ?, address = ?
		WHERE id = ? AND generation = ? AND confirmed = ?`,
		next.Upstream, next.Generation, next.Confirmed, next.Rolled.UnixMilli(), next.Expires.UnixMilli(), next.Device, next.Address,
		old.ID, old.Generation, old.Confirmed)
	if err != nil {
		return false, failed("renewed", err)
	}
	n, err := result.RowsAffected()
	return n == 1, failed("renewed", err)
}

// Delete removes sessions, all or none.
func (q *SQLite) Delete(ctx context.Context, ids []string) error {
	return failed("deleted", q.inOne(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE id = ?", id); err != nil {
				return err
			}
		}
		return nil
	}))
}

// List is the newest sessions of a user or of a collection, the oldest first.
func (q *SQLite) List(ctx context.Context, collectionID, recordID string, newest int) (all []Session, err error) {
	if newest == 0 {
		newest = -1
	}
	where, args := "expires > ? AND collection_id = ?", []any{time.Now().UnixMilli(), collectionID}
	if recordID != "" {
		where, args = where+" AND record_id = ?", append(args, recordID)
	}
	rows, err := q.db.QueryContext(ctx, "SELECT "+columns+" FROM sessions WHERE "+where+" ORDER BY created DESC, id DESC LIMIT ?", append(args, newest)...)
	if err != nil {
		return nil, failed("read", err)
	}
	defer func() { err = errors.Join(err, failed("read", rows.Close())) }()
	for rows.Next() {
		s, err := scan(rows.Scan)
		if err != nil {
			return nil, failed("read", err)
		}
		all = append(all, s)
	}
	slices.Reverse(all)
	return all, failed("read", rows.Err())
}

// Touch notes when sessions were last used.
func (q *SQLite) Touch(ctx context.Context, used map[string]time.Time) error {
	return failed("touched", q.inOne(ctx, func(tx *sql.Tx) error {
		for id, at := range used {
			if _, err := tx.ExecContext(ctx, "UPDATE sessions SET used = ? WHERE id = ?", at.UnixMilli(), id); err != nil {
				return err
			}
		}
		return nil
	}))
}

// DeleteExpired removes what has expired by now.
func (q *SQLite) DeleteExpired(ctx context.Context, now time.Time) error {
	for _, table := range []string{"sessions", "spent"} {
		if _, err := q.db.ExecContext(ctx, "DELETE FROM "+table+" WHERE expires <= ?", now.UnixMilli()); err != nil {
			return failed("deleted", err)
		}
	}
	return nil
}

// inOne makes several changes, all or none.
func (q *SQLite) inOne(ctx context.Context, change func(*sql.Tx) error) error {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := change(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func failed(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("a session could not be %s in sessions.db: %w", what, err)
}
