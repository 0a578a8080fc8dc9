package pocketbase

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// Prove asks PocketBase whether a user's token still holds, by refreshing it as
// that user. It returns the token that follows (the same one if it cannot be
// refreshed) and the user's record as PocketBase shows it to them.
//
// The error wraps ErrRejected when PocketBase says no, and ErrUnavailable when
// it says nothing that could be relied on.
func (d *Database) Prove(ctx context.Context, collection, token string) (newToken string, record []byte, err error) {
	response, err := d.Fetch(ctx, &Request{
		Method: http.MethodPost, Token: token,
		Path: "/api/collections/" + url.PathEscape(collection) + "/auth-refresh",
	})
	if err != nil {
		return "", nil, err
	}
	switch status := response.Status; {
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status < 400 && status != http.StatusOK, status >= 500:
		return "", nil, fmt.Errorf("%w: it answers a refresh with status %d", ErrUnavailable, status)
	case status != http.StatusOK:
		return "", nil, fmt.Errorf("%w: PocketBase answers a refresh with status %d", ErrRejected, status)
	}
	var answer struct {
		Token  string
		Record json.RawMessage
	}
	if err := json.Unmarshal(response.Body, &answer); err != nil || answer.Token == "" || len(answer.Record) == 0 {
		return "", nil, fmt.Errorf("%w: it answers a refresh without token and record", ErrUnavailable)
	}
	return answer.Token, answer.Record, nil
}
