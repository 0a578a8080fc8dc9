package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/pocketbase"
	"github.com/hapta/hapta/server/rawjson"
	"github.com/hapta/hapta/server/session"
)

// maxSmallBody bounds the bodies of routes that carry no record, in bytes.
const maxSmallBody = 1 << 20

// SignIn signs in with a password or a one-time password. PocketBase decides
// whether it is right, and whether another factor is asked for; the record that
// comes back is judged as a view by its own user; then a session opens, and
// Hapta's token stands where PocketBase's would.
func (g *Gateway) SignIn(ctx context.Context, p *Passage, collection, way string) (*Response, error) {
	return g.authenticate(ctx, p, collection, way, func(ctx context.Context, _ *Caller, s session.Session) (session.Session, error) {
		if way == "auth-with-otp" { // PocketBase may have changed the password (apis/record_auth_with_otp.go)
			g.sessions.Suspect(s.CollectionID, s.RecordID)
		}
		return g.sessions.Create(ctx, s)
	})
}

// Refresh gives the caller a new token for their session, and keeps the new
// PocketBase token behind it. One of PocketBase's own tokens is exchanged for a
// session here.
func (g *Gateway) Refresh(ctx context.Context, p *Passage, collection string) (*Response, error) {
	return g.authenticate(ctx, p, collection, "auth-refresh", func(ctx context.Context, caller *Caller, s session.Session) (session.Session, error) {
		if caller == nil { // PocketBase signs in no guest here
			return s, apierr.From(errors.New("a guest's refresh was accepted upstream"))
		}
		if caller.Accepted {
			s, err := g.sessions.Exchange(ctx, caller.Session, s)
			if errors.Is(err, session.ErrSpent) {
				return s, signedOut()
			}
			return s, err
		}
		s.ID, s.Created = caller.ID, caller.Created
		return s, g.sessions.Renew(ctx, s.ID, s.Upstream, s.Expires, s.Proved)
	})
}

// signedOut is PocketBase's own answer to a guest who wants to refresh.
func signedOut() error {
	return &apierr.Error{Status: http.StatusUnauthorized, Message: "The request requires valid record authorization token."}
}

// RefuseSignIn answers a way to sign in that is not offered.
func (g *Gateway) RefuseSignIn(collection string) (*Response, error) {
	snap, err := g.take()
	if err != nil {
		return nil, err
	}
	if _, err := snap.find(collection); err != nil {
		return nil, err
	}
	return nil, apierr.New(apierr.SignInWay)
}

// authenticate is the way of both; keep opens or renews the session.
func (g *Gateway) authenticate(ctx context.Context, p *Passage, collection, way string,
	keep func(context.Context, *Caller, session.Session) (session.Session, error),
) (*Response, error) {
	op, err := g.begin(&Request{Passage: *p, Operation: abi.OperationView, Collection: collection})
	if err != nil {
		return nil, err
	}
	defer op.end()
	if op.asSuperuser && !op.handles(abi.OperationView) {
		return nil, apierr.New(apierr.NotHandled)
	}
	op.asSuperuser = false // PocketBase answers a sign-in as the user themselves
	caller, err := g.identify(ctx, op.snapshot, p.Token)
	if err != nil {
		return nil, err
	}
	op.caller = caller
	if err := op.checkQuery(); err != nil {
		return nil, err
	}
	op.pick = op.Query.Get("fields")
	op.query.Del("fields") // the token is needed here, whatever the client picks

	began := time.Now()
	answer, err := op.askToSignIn(ctx, way)
	if err != nil || answer.Status != http.StatusOK {
		if caller != nil && answer != nil && answer.Status == http.StatusUnauthorized && way == "auth-refresh" {
			g.sessions.Suspect(caller.CollectionID, caller.RecordID)
		}
		return answer, err
	}
	signed, err := readSignIn(answer.Body)
	if err != nil {
		return nil, unavailable(err)
	}
	s, err := op.sessionOf(signed.Token, began)
	if err != nil {
		return nil, unavailable(err)
	}
	if signed.Record, err = op.judgeSignedIn(ctx, s, signed.Record); err != nil {
		return nil, err
	}
	if s, err = keep(ctx, caller, s); err != nil {
		return nil, apierr.From(err)
	}
	if signed.Token, err = g.tokens.Mint(s); err != nil {
		return nil, apierr.From(err)
	}
	answer.Body, err = signed.encode(op.pick)
	return answer, err
}

func (op *operation) askToSignIn(ctx context.Context, way string) (*Response, error) {
	req := &pocketbase.Request{
		Method: http.MethodPost, Path: "/api/collections/" + url.PathEscape(op.collection.Id) + "/" + way,
		RawQuery: op.query.Encode(), Header: passedOn(op.Header), Token: op.caller.upstream(), ClientAddr: op.Client,
	}
	if op.Body != nil {
		body, err := readSmall(op.Body)
		if err != nil {
			return nil, err
		}
		req.Body, req.ContentLength = body, int64(body.Len())
	}
	answer, err := op.gateway.db.Fetch(ctx, req)
	if err != nil {
		return nil, unavailable(err)
	}
	return &Response{Status: answer.Status, Header: kept(answer.Header), Body: answer.Body}, nil
}

// judgeSignedIn judges the record as a view by its own user.
func (op *operation) judgeSignedIn(ctx context.Context, s session.Session, record json.RawMessage) (json.RawMessage, error) {
	if op.policy == nil {
		return record, nil
	}
	op.caller, op.RecordID = &Caller{s}, s.RecordID
	if err := op.tell(ctx); err != nil {
		return nil, err
	}
	whole := op.pick
	op.pick = "" // applied to the answer as a whole
	defer func() { op.pick = whole }()
	return op.judgeOne(ctx, record, abi.ReasonSignedIn)
}

// sessionOf is the session that a token of PocketBase's opens. It comes from
// PocketBase itself, so its claims are read and not proved; the token counts as
// proved when it was asked for, so that a change since then forces a new proof.
func (op *operation) sessionOf(token string, began time.Time) (session.Session, error) {
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		return session.Session{}, fmt.Errorf("reading PocketBase's token: %w", err)
	}
	expires, err := claims.GetExpirationTime()
	if err != nil || expires == nil {
		return session.Session{}, fmt.Errorf("PocketBase's token has no expiry: %w", err)
	}
	id, _ := claims["id"].(string)
	refreshable, _ := claims["refreshable"].(bool)
	now := time.Now()
	s := session.Session{
		CollectionID: op.collection.Id, CollectionName: op.collection.Name, RecordID: id,
		Upstream: token, Created: now, Expires: expires.Time, Proved: began, Refreshable: refreshable,
	}
	if lifetime := op.snapshot.Settings.Lifetime; lifetime > 0 && now.Add(lifetime).Before(s.Expires) {
		s.Expires = now.Add(lifetime)
	}
	return s, nil
}

// signedIn is PocketBase's answer to a sign-in.
type signedIn struct {
	Meta   json.RawMessage `json:"meta,omitempty"`
	Record json.RawMessage `json:"record"`
	Token  string          `json:"token"`
}

func readSignIn(raw []byte) (signedIn, error) {
	var s signedIn
	err := rawjson.Fields(raw, func(key string, value []byte) error {
		switch key {
		case "meta":
			s.Meta = value
		case "record":
			s.Record = value
		case "token":
			return json.Unmarshal(value, &s.Token)
		}
		return nil
	})
	if err == nil && (s.Token == "" || s.Record == nil) {
		err = errors.New("PocketBase's sign-in answer has no token or no record")
	}
	return s, err
}

func (s signedIn) encode(fields string) ([]byte, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, apierr.From(err)
	}
	return picked(raw, fields)
}

// readSmall takes a body of a route that carries no record.
func readSmall(r io.Reader) (*bytes.Reader, error) {
	counted := &countedReader{r: r, left: maxSmallBody}
	raw, err := io.ReadAll(counted)
	switch {
	case counted.exceeded:
		return nil, apierr.Detailed(apierr.BodyTooLarge, "The body may have at most %d bytes.", maxSmallBody)
	case err != nil:
		return nil, unreadable(err)
	}
	return bytes.NewReader(raw), nil
}
