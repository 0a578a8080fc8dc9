package gateway

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
)

// askOAuth2 signs in with a code of a provider. A record that it makes is decided
// as a create: by the embedded PocketBase before it is stored; by another one,
// which cannot ask, afterwards.
func (op *operation) askOAuth2(ctx context.Context) (*Response, error) {
	sent, err := readBody(&op.Passage, maxSmallBody)
	if err != nil {
		return nil, err
	}
	defer sent.discard()
	req := op.signInRequest("auth-with-oauth2")
	if err := setFields(req, sent.values); err != nil {
		return nil, err
	}
	if op.policy == nil {
		return op.gateway.ask(ctx, req)
	}

	if err := op.tell(ctx); err != nil {
		return nil, err
	}
	s := &signUp{op: op}
	s.sent, _ = sent.values["createData"].(map[string]any)
	req.OnSignUp = func(record *core.Record) error { return s.judge(ctx, record) }
	answer, err := op.gateway.ask(ctx, req)
	if s.refusal != nil {
		return nil, s.refusal
	}
	if err != nil || answer.Status != http.StatusOK || s.asked {
		return answer, err
	}
	signed, err := readSignIn(answer.Body)
	if err != nil || !signed.isNew() {
		return answer, err
	}
	if signed, err = s.judgeStored(ctx, signed); err != nil {
		return nil, err
	}
	answer.Body, err = json.Marshal(signed)
	return answer, err
}

// isNew tells whether the sign-in made its record.
func (s signedIn) isNew() bool {
	var meta struct {
		IsNew bool `json:"isNew"`
	}
	return json.Unmarshal(s.Meta, &meta) == nil && meta.IsNew
}
