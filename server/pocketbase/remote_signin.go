package pocketbase

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const superusers = "/api/collections/" + core.CollectionNameSuperusers

// errSignedOut says that PocketBase no longer takes the superuser's token.
var errSignedOut = errors.New("the superuser was signed out")

// doubtAfter is how long a token that was seen to work is not doubted again,
// whatever PocketBase refuses: a hook may refuse even a superuser.
const doubtAfter = 5 * time.Second

// superuserSession is a token that PocketBase gave, and the one before it.
type superuserSession struct {
	token, previous string
	record          string // the id of the superuser's
	expires         time.Time
	renewAt         time.Time
	proved          time.Time
}

func (s *superuserSession) owns(token string) bool {
	return s != nil && token != "" && (token == s.token || token == s.previous)
}

func refused(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

func (r *remote) refusesSuperuser(request *Request, response *Response) bool {
	return refused(response.Status) && r.session.Load().owns(request.Token)
}

// forget drops a token that no longer works, unless a newer one is there.
func (r *remote) forget(token string) {
	if s := r.session.Load(); s != nil && s.token == token {
		r.session.CompareAndSwap(s, nil)
	}
}

// signIn sees to it that the token is good for a while: it does nothing, or
// refreshes the token, or signs in with the password.
func (r *remote) signIn(ctx context.Context) error {
	if err := r.takeTurn(ctx); err != nil {
		return err
	}
	defer r.passTurn()
	s := r.session.Load()
	if s != nil && time.Now().Before(s.renewAt) {
		return nil
	}
	if s != nil {
		if err := r.refreshToken(ctx, s.token); !errors.Is(err, errSignedOut) {
			return err
		}
	}
	return r.withPassword(ctx)
}

// signInAgain doubts a token after a refusal. It returns the one to try again
// with, or nothing if the token was good and the refusal stands.
func (r *remote) signInAgain(ctx context.Context, token string) string {
	if r.takeTurn(ctx) != nil {
		return ""
	}
	defer r.passTurn()
	s := r.session.Load()
	if s != nil && s.token != token { // renewed meanwhile
		return s.token
	}
	if s != nil {
		if time.Since(s.proved) < doubtAfter {
			return ""
		}
		if err := r.refreshToken(ctx, token); !errors.Is(err, errSignedOut) {
			return "" // it works, or nothing does
		}
	}
	if time.Since(r.failed) < doubtAfter { // run goes on trying, at intervals
		return ""
	}
	if err := r.withPassword(ctx); err != nil {
		r.log.Warn("the superuser cannot sign in again", "error", err)
		r.failed = time.Now()
		r.lookNow()
		return ""
	}
	return r.session.Load().token
}

func (r *remote) takeTurn(ctx context.Context) error {
	select {
	case <-r.signing:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *remote) passTurn() { r.signing <- struct{}{} }

// refreshToken asks for a new token with the old one. It spares PocketBase the
// hashing of a password, and the superuser an alert about a new sign-in.
func (r *remote) refreshToken(ctx context.Context, token string) error {
	response, err := r.do(ctx, r.own, &Request{Method: http.MethodPost, Path: superusers + "/auth-refresh", Token: token})
	switch {
	case err != nil:
		return err
	case refused(response.Status), response.Status == http.StatusNotFound:
		r.forget(token)
		return errSignedOut
	}
	return r.adopt(response, token)
}

func (r *remote) withPassword(ctx context.Context) error {
	body, err := json.Marshal(map[string]string{"identity": r.email, "password": r.password})
	if err != nil {
		return err
	}
	response, err := r.do(ctx, r.own, &Request{
		Method: http.MethodPost, Path: superusers + "/auth-with-password",
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   bytes.NewReader(body), ContentLength: int64(len(body)),
	})
	if err != nil {
		return err
	}
	if reason := notAccepted(response); reason != "" {
		return &SetupError{Key: "ADMIN_EMAIL, ADMIN_PASSWORD", Reason: reason, Err: ErrCredentials}
	}
	return r.adopt(response, "")
}

// notAccepted says why PocketBase does not let the superuser in; nothing if the
// answer is no refusal.
func notAccepted(response *Response) string {
	switch response.Status {
	case http.StatusBadRequest:
		return "PocketBase does not accept them; set them to a superuser of the PocketBase that DB_URL names"
	case http.StatusUnauthorized:
		return "this superuser has to pass multi-factor authentication, which a server cannot; exempt it by the MFA rule of _superusers, or name another"
	case http.StatusForbidden:
		return "PocketBase keeps this superuser out; check the auth rule of _superusers and PocketBase's list of addresses that superusers may come from"
	}
	return ""
}

// adopt takes the token of an answer to signing in.
func (r *remote) adopt(response *Response, previous string) error {
	var answer struct {
		Token  string
		Record struct{ ID string }
	}
	err := json.Unmarshal(response.Body, &answer)
	if err != nil || response.Status != http.StatusOK || answer.Token == "" {
		return fmt.Errorf("%w: it answers signing in with status %d and no token; check that DB_URL names a PocketBase", ErrUnavailable, response.Status)
	}
	expires, err := expiry(answer.Token)
	if err != nil {
		return fmt.Errorf("%w: its token cannot be read: %w", ErrUnavailable, err)
	}
	now := time.Now()
	r.session.Store(&superuserSession{
		token: answer.Token, previous: previous, record: answer.Record.ID, proved: now,
		expires: expires, renewAt: now.Add(expires.Sub(now) * 3 / 4),
	})
	return nil
}
