package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/session"
)

// FileToken gives the caller a token for protected files.
func (g *Gateway) FileToken(ctx context.Context, p *Passage) (*Response, error) {
	_, caller, err := g.enter(ctx, p, limitFiles)
	if err != nil {
		return nil, err
	}
	if caller == nil { // PocketBase says what a guest is told
		return g.forward(ctx, p, http.MethodPost, "/api/files/token", "", maxSmallBody)
	}
	token, err := g.sessions.MintFile(caller.Session)
	if err != nil {
		return nil, apierr.From(err)
	}
	body, err := json.Marshal(map[string]string{"token": token})
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonResponse(http.StatusOK, body), nil
}

// fileCaller is whom a file token speaks for; nil, a guest, when it does not hold.
func (g *Gateway) fileCaller(ctx context.Context, snap *Snapshot, token string) (*Caller, error) {
	if token == "" {
		return nil, nil
	}
	s, err := g.sessions.IdentifyFile(ctx, token)
	switch {
	case errors.Is(err, session.ErrToken), errors.Is(err, session.ErrGone):
		return nil, nil
	case err != nil:
		return nil, apierr.From(err)
	}
	return g.callerOf(ctx, snap, s, s.Generation)
}

// fileToken is PocketBase's file token for one of its tokens; empty when that does
// not hold, which PocketBase then answers as it would.
func (g *Gateway) fileToken(ctx context.Context, token string) (string, error) {
	answer, err := g.db.Fetch(ctx, &pocketbase.Request{Method: http.MethodPost, Path: "/api/files/token", Token: token})
	if err != nil {
		return "", unavailable(err)
	}
	if answer.Status != http.StatusOK {
		return "", nil
	}
	var body struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(answer.Body, &body); err != nil {
		return "", unavailable(err)
	}
	return body.Token, nil
}
