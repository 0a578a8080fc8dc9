package pocketbase

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// maxProblem bounds the answers that are looked at for who sent them, in bytes.
const maxProblem = 64 << 10

// checkProxy returns an error when the answer is none of PocketBase's, but of a
// proxy before it that could not reach it. What such a proxy says, and in which
// form, is no client's business.
//
// PocketBase itself has none of these statuses; an app's hooks that throw one
// have it sent in PocketBase's shape (ApiError in its tools/router/error.go).
func checkProxy(status int, body []byte) error {
	switch status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
	default:
		return nil
	}
	var shape struct {
		Status  int
		Message *string
		Data    json.RawMessage
	}
	if json.Unmarshal(body, &shape) == nil && shape.Status == status && shape.Message != nil && shape.Data != nil {
		return nil
	}
	if status == http.StatusGatewayTimeout {
		return fmt.Errorf("%w: a proxy before it answers with status %d: %w", ErrUnavailable, status, context.DeadlineExceeded)
	}
	return fmt.Errorf("%w: a proxy before it answers with status %d", ErrUnavailable, status)
}

// checkProxyStream is checkProxy for an answer whose body was not read yet.
func checkProxyStream(response *http.Response) error {
	if checkProxy(response.StatusCode, nil) == nil {
		return nil // whatever its body says
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxProblem))
	if err == nil {
		err = checkProxy(response.StatusCode, body)
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{bytes.NewReader(body), response.Body}
	return err
}
