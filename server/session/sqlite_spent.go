package session

import (
	"context"
	"database/sql"
	"errors"
)

// Exchange spends a token and inserts its session, or does neither.
func (q *SQLite) Exchange(ctx context.Context, token, s Session) error {
	err := q.inOne(ctx, func(tx *sql.Tx) error {
		result, err := spend(ctx, tx, token)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrSpent)
		}
		return insert(ctx, tx, s)
	})
	return failed("kept", err)
}

// Spend spends a token for no session.
func (q *SQLite) Spend(ctx context.Context, token Session) error {
	_, err := spend(ctx, q.db, token)
	return failed("kept", err)
}

func spend(ctx context.Context, db execer, token Session) (sql.Result, error) {
	return db.ExecContext(ctx, "INSERT INTO spent VALUES (?, ?) ON CONFLICT DO NOTHING", token.ID, token.Expires.UnixMilli())
}

// Spent tells whether a token was exchanged.
func (q *SQLite) Spent(ctx context.Context, id string) (bool, error) {
	var n int
	err := q.db.QueryRowContext(ctx, "SELECT count(*) FROM spent WHERE id = ?", id).Scan(&n)
	return n > 0, failed("read", err)
}
