package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/gateway"
)

// Admin is the operator's API.
type Admin struct {
	Key     string
	List    func() []gateway.PolicyInfo
	Remove  func(ctx context.Context, collection string) error
	Metrics func(io.Writer)
}

const adminKey = "X-Hapta-Admin-Key"

// opens tells whether a request brings the key. It is compared in constant time,
// whatever the length of what was sent.
func (a *Admin) opens(r *request) bool {
	sent := r.Request.Header.PeekAll(adminKey)
	if a == nil || len(sent) != 1 { // of two, a proxy may have meant the other
		return false
	}
	want, got := sha256.Sum256([]byte(a.Key)), sha256.Sum256(sent[0])
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// only lets through who has the key.
func (a *Admin) only(c call) call {
	return func(ctx context.Context, r *request) (*gateway.Response, error) {
		if !a.opens(r) {
			return nil, apierr.New(apierr.AdminKey)
		}
		return c(ctx, r)
	}
}

func (a *Admin) list(context.Context, *request) (*gateway.Response, error) {
	body, err := json.Marshal(map[string]any{"policies": a.List()})
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonAnswer(http.StatusOK, string(body)), nil
}

// remove takes a policy away for good, which leaves PocketBase's rules.
func (a *Admin) remove(ctx context.Context, r *request) (*gateway.Response, error) {
	if err := a.Remove(ctx, r.param("collection")); err != nil {
		return nil, err
	}
	return &gateway.Response{Status: http.StatusNoContent}, nil
}

func (a *Admin) metrics(context.Context, *request) (*gateway.Response, error) {
	var body bytes.Buffer
	a.Metrics(&body)
	return &gateway.Response{
		Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/plain; version=0.0.4; charset=utf-8"}}, Body: body.Bytes(),
	}, nil
}

func (s *Server) sessionsOf(ctx context.Context, r *request) (*gateway.Response, error) {
	return s.gateway.SessionsOf(ctx, r.query)
}

func (s *Server) endSession(ctx context.Context, r *request) (*gateway.Response, error) {
	return s.gateway.EndAnySession(ctx, r.param("id"))
}

func (s *Server) endSessionsOf(ctx context.Context, r *request) (*gateway.Response, error) {
	return s.gateway.EndSessionsOf(ctx, r.query)
}

func (s *Server) putOff(context.Context, *request) (*gateway.Response, error) {
	return s.gateway.PutOff()
}

func (s *Server) lift(ctx context.Context, r *request) (*gateway.Response, error) {
	return s.gateway.Lift(ctx, r.query)
}
