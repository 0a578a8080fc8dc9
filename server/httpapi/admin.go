package httpapi

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net/http"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/gateway"
)

// Admin is the operator's API.
type Admin struct {
	Key    string
	List   func() []gateway.PolicyInfo
	Remove func(ctx context.Context, collection string) error
}

// allowed compares in constant time, whatever the length of what was sent.
func (a *Admin) allowed(r *request) bool {
	want, got := sha256.Sum256([]byte(a.Key)), sha256.Sum256(r.Request.Header.Peek("X-Hapta-Admin-Key"))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

func (a *Admin) list(_ context.Context, r *request) (*gateway.Response, error) {
	if !a.allowed(r) {
		return nil, apierr.New(apierr.AdminKey)
	}
	body, err := json.Marshal(map[string]any{"policies": a.List()})
	if err != nil {
		return nil, apierr.From(err)
	}
	return jsonAnswer(http.StatusOK, string(body)), nil
}

// remove takes a policy away for good, which leaves PocketBase's rules.
func (a *Admin) remove(ctx context.Context, r *request) (*gateway.Response, error) {
	if !a.allowed(r) {
		return nil, apierr.New(apierr.AdminKey)
	}
	if err := a.Remove(ctx, r.param("collection")); err != nil {
		return nil, err
	}
	return &gateway.Response{Status: http.StatusNoContent}, nil
}
