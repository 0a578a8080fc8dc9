package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/hapta/hapta/server/apierr"
)

// judgeAnswer decides about what each member stored, in the database's own list
// of answers.
func (b *batch) judgeAnswer(ctx context.Context, answer *Response) (*Response, error) {
	var results []struct {
		Body   json.RawMessage `json:"body"`
		Status int             `json:"status"`
	}
	if err := json.Unmarshal(answer.Body, &results); err != nil || len(results) != len(b.members) {
		return nil, unavailable(err)
	}
	for i, m := range b.members {
		m.op.noteWrite(&Response{Body: results[i].Body})
	}
	for i, m := range b.members {
		judged, err := m.op.judgeAnswer(ctx, &Response{Status: results[i].Status, Body: results[i].Body})
		if err != nil {
			return nil, err
		}
		results[i].Body = judged.Body
	}
	var err error
	if answer.Body, err = json.Marshal(results); err != nil {
		return nil, apierr.From(err)
	}
	return answer, nil
}

// memberError is a refusal of one member, which refuses the batch.
type memberError struct {
	index int
	err   error
}

func (e *memberError) Error() string {
	return fmt.Sprintf("request %d of the batch: %v", e.index, e.err)
}
func (e *memberError) Unwrap() error { return e.err }

// refusal is the answer to a batch of which one member is refused, in the shape
// that PocketBase gives it (apis/batch.go). What is not the client's doing ends
// the batch as it would end a single request.
func refusal(err error) (*Response, error) {
	var m *memberError
	e := apierr.From(err)
	if !errors.As(err, &m) || e.Status >= http.StatusInternalServerError {
		return nil, err
	}
	type failure struct {
		Code     string          `json:"code"`
		Message  string          `json:"message"`
		Response json.RawMessage `json:"response"`
	}
	body, err := json.Marshal(map[string]any{
		"data": map[string]any{"requests": map[string]failure{
			strconv.Itoa(m.index): {"batch_request_failed", "Batch request failed.", e.JSON()},
		}},
		"message": "Batch transaction failed.",
		"status":  http.StatusBadRequest,
	})
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonResponse(http.StatusBadRequest, body), nil
}
