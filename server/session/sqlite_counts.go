package session

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"
)

// Counts is what was counted of a session.
func (q *SQLite) Counts(ctx context.Context, id string) (map[string]int64, error) {
	var text sql.NullString
	err := q.db.QueryRowContext(ctx, "SELECT counts FROM sessions WHERE id = ? AND expires > ?", id, time.Now().UnixMilli()).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrGone
	}
	counts := map[string]int64{}
	if err == nil && text.Valid {
		err = json.Unmarshal([]byte(text.String), &counts)
	}
	return counts, failed("read", err)
}

// SetCounts replaces the counts of sessions, all or none.
func (q *SQLite) SetCounts(ctx context.Context, counts map[string]map[string]int64) error {
	return failed("counted", q.inOne(ctx, func(tx *sql.Tx) error {
		update, err := tx.PrepareContext(ctx, "UPDATE sessions SET counts = ? WHERE id = ?") // the transaction closes it
		if err != nil {
			return err
		}
		for id, of := range counts {
			text, err := json.Marshal(of)
			if err != nil {
				return err
			}
			if _, err := update.ExecContext(ctx, string(text), id); err != nil {
				return err
			}
		}
		return nil
	}))
}
