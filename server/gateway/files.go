package gateway

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
)

// File serves a file of a record. Unprotected ones are public by their URL, as
// in PocketBase. Protected ones need a file token, which is Hapta's own and is
// exchanged here for PocketBase's.
func (g *Gateway) File(ctx context.Context, p *Passage, method, collection, record, name string) (*Response, error) {
	snap, err := g.take()
	if err != nil {
		return nil, err
	}
	c, err := snap.find(collection)
	if err != nil {
		return nil, otherwise(err)
	}
	access := snap.access[c.Id]
	if access.closed != "" {
		return nil, apierr.New(access.closed)
	}
	if !access.open() {
		if err := g.checkUnprotected(ctx, c, record, name); err != nil {
			return nil, err
		}
	}
	query := maps.Clone(p.Query)
	token := query.Get("token")
	query.Del("token")
	if token != "" {
		if token, err = g.fileToken(ctx, snap, token); err != nil {
			return nil, err
		}
		if token != "" {
			query.Set("token", token)
		}
	}
	path := strings.Join([]string{"/api/files", url.PathEscape(c.Id), url.PathEscape(record), url.PathEscape(name)}, "/")
	return g.forward(ctx, p, method, path, query, "")
}

// checkUnprotected refuses a file whose view a policy would have to judge: one
// of a protected field, whether or not the database's rules would let the
// caller have it.
func (g *Gateway) checkUnprotected(ctx context.Context, c *pocketbase.Collection, record, name string) error {
	if !slices.ContainsFunc(c.FileFields(), func(f *core.FileField) bool { return f.Protected }) {
		return nil
	}
	_, stored, err := g.readStored(ctx, c.Id, record)
	if err != nil {
		return err
	}
	for _, f := range c.FileFields() {
		if f.Protected && slices.Contains(texts(stored.Get(f.Name)), name) {
			return apierr.New(apierr.FileNotJudged)
		}
	}
	return nil
}

// fileToken is PocketBase's file token for the session behind Hapta's; empty
// when that does not hold, which PocketBase then answers as it would.
func (g *Gateway) fileToken(ctx context.Context, snap *Snapshot, token string) (string, error) {
	id, err := g.tokens.VerifyFile(token)
	if err != nil {
		return "", nil
	}
	s, ok := g.sessions.Get(id)
	if !ok {
		return "", nil
	}
	answer, err := g.db.Fetch(ctx, &pocketbase.Request{Method: http.MethodPost, Path: "/api/files/token", Token: s.Upstream})
	if err != nil {
		return "", unavailable(err)
	}
	var body struct {
		Token string `json:"token"`
	}
	if answer.Status != http.StatusOK {
		return "", nil
	}
	if err := json.Unmarshal(answer.Body, &body); err != nil {
		return "", unavailable(err)
	}
	return body.Token, nil
}

// FileToken gives the caller a token for protected files.
func (g *Gateway) FileToken(ctx context.Context, p *Passage) (*Response, error) {
	_, caller, err := g.enter(ctx, p)
	if err != nil {
		return nil, err
	}
	if caller == nil { // PocketBase says what a guest is told
		return g.forward(ctx, p, http.MethodPost, "/api/files/token", p.Query, "")
	}
	token, err := g.tokens.MintFile(caller.ID)
	if err != nil {
		return nil, apierr.From(err)
	}
	body, err := json.Marshal(map[string]string{"token": token})
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonResponse(http.StatusOK, body), nil
}
