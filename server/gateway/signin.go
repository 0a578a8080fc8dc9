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
	"strings"
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

// SignIn signs in with a password, a one-time password or a code of an OAuth2
// provider. PocketBase decides whether it is right, and whether another factor is
// asked for; the record that comes back is judged as a view by its own user; then a
// session opens, and Hapta's token stands where PocketBase's would.
func (g *Gateway) SignIn(ctx context.Context, p *Passage, collection, way string) (*Response, error) {
	var ask func(*operation, context.Context) (*Response, error)
	switch way {
	case "auth-with-password":
		ask = askCounted(way, "identity")
	case "auth-with-otp":
		ask = askCounted(way, "otpId")
	default:
		ask = (*operation).askOAuth2
	}
	return g.authenticate(ctx, p, collection, ask, func(op *operation, ctx context.Context, s session.Session) (string, error) {
		if way != "auth-with-password" { // PocketBase may have changed the password of who was not verified yet
			g.changed(pocketbase.Change{CollectionID: s.CollectionID, RecordID: s.RecordID})
		}
		return g.openSession(ctx, op.snapshot, s)
	})
}

// openSession opens a session and returns the token for it.
func (g *Gateway) openSession(ctx context.Context, snap *Snapshot, s session.Session) (string, error) {
	s, err := g.sessions.Create(ctx, snap.Settings.Sessions, s)
	if err != nil {
		return "", err
	}
	return g.sessions.Mint(s)
}

// Refresh gives the caller the next token of their session, and keeps the new
// PocketBase token behind it. One of PocketBase's own tokens is exchanged for a
// session here.
func (g *Gateway) Refresh(ctx context.Context, p *Passage, collection string) (*Response, error) {
	return g.authenticate(ctx, p, collection, (*operation).askToRefresh, (*operation).roll)
}

// roll is how a refresh keeps what PocketBase answered.
func (op *operation) roll(ctx context.Context, s session.Session) (string, error) {
	caller, sessions, rules := op.caller, op.gateway.sessions, op.snapshot.Settings.Sessions
	switch {
	case caller == nil: // PocketBase signs in no guest here
		return "", errors.New("a guest's refresh was accepted upstream")
	case caller.Accepted:
		s, err := sessions.Exchange(ctx, rules, caller.Session, s)
		if errors.Is(err, session.ErrSpent) {
			return "", signedOut()
		}
		if err != nil {
			return "", err
		}
		return sessions.Mint(s)
	}
	token, err := sessions.Refresh(ctx, rules, caller.ID, caller.generation, session.Renewal{
		Upstream: s.Upstream, Expires: s.Expires, Proved: s.Proved, Device: s.Device, Address: s.Address,
	})
	if errors.Is(err, session.ErrGone) {
		return "", signedOut()
	}
	return token, err
}

// signedOut is PocketBase's own answer to a guest who wants to refresh.
func signedOut() error {
	return &apierr.Error{Status: http.StatusUnauthorized, Message: "The request requires valid record authorization token."}
}

// beginSignIn begins a view of whoever signs in. PocketBase answers that as the
// user themselves, whoever decides about the collection.
func (g *Gateway) beginSignIn(p *Passage, collection string) (*operation, error) {
	op, err := g.begin(&Request{Passage: *p, Operation: abi.OperationView, Collection: collection})
	if err != nil {
		return nil, err
	}
	if op.asSuperuser && !op.handles(abi.OperationView) {
		op.end()
		return nil, apierr.New(apierr.NotHandled)
	}
	op.asSuperuser = false
	return op, nil
}

// authenticate is the way of all; ask has PocketBase sign the user in, keep opens
// or renews the session.
func (g *Gateway) authenticate(ctx context.Context, p *Passage, collection string,
	ask func(*operation, context.Context) (*Response, error),
	keep func(*operation, context.Context, session.Session) (string, error),
) (*Response, error) {
	op, err := g.beginSignIn(p, collection)
	if err != nil {
		return nil, otherwise(err)
	}
	defer op.end()
	caller, err := g.identify(ctx, op.snapshot, p)
	if err != nil {
		return nil, err
	}
	if err := g.limit(ctx, op.snapshot, p, caller, toll{op.quotas[limitAuth], 1}); err != nil {
		return nil, err
	}
	op.caller = caller
	if err := op.checkQuery(); err != nil {
		return nil, err
	}
	op.pick = op.Query.Get("fields")
	op.query.Del("fields") // the token is needed here, whatever the client picks

	began := time.Now()
	answer, err := ask(op, ctx)
	if err != nil || answer.Status != http.StatusOK {
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
	op.caller = caller // judged was the view of whoever signs in
	if signed.Token, err = keep(op, ctx, s); err != nil {
		return nil, apierr.From(err)
	}
	answer.Body, err = signed.encode(op.pick)
	return answer, err
}

// askBy passes a sign-in on as it came.
func askBy(way string) func(*operation, context.Context) (*Response, error) {
	return func(op *operation, ctx context.Context) (*Response, error) {
		req := op.signInRequest(way)
		if _, err := op.sendOn(req); err != nil {
			return nil, err
		}
		return op.gateway.ask(ctx, req)
	}
}

// askCounted slows down who guesses. key is the member of the body that names the
// account.
func askCounted(way, key string) func(*operation, context.Context) (*Response, error) {
	return func(op *operation, ctx context.Context) (*Response, error) {
		req := op.signInRequest(way)
		names, err := op.sendOnNamed(req, key)
		if err != nil {
			return nil, err
		}
		try := func(ctx context.Context) (*Response, error) { return op.gateway.ask(ctx, req) }
		return op.gateway.counted(ctx, &op.Passage, op.collection.Id, names, try, wrongSignIn)
	}
}

// askToRefresh has the sessions of a caller proved whom PocketBase does not know
// any more.
func (op *operation) askToRefresh(ctx context.Context) (*Response, error) {
	answer, err := askBy("auth-refresh")(op, ctx)
	if err == nil && op.caller != nil && answer.Status == http.StatusUnauthorized {
		op.gateway.sessions.Suspect(op.caller.CollectionID, op.caller.RecordID)
	}
	return answer, err
}

func (op *operation) signInRequest(way string) *pocketbase.Request {
	return &pocketbase.Request{
		Method: http.MethodPost, Path: "/api/collections/" + url.PathEscape(op.collection.Id) + "/" + way,
		RawQuery: op.query.Encode(), Header: passedOn(op.Header()), Token: op.caller.upstream(), ClientAddr: op.Client,
	}
}

func (g *Gateway) ask(ctx context.Context, req *pocketbase.Request) (*Response, error) {
	answer, err := g.db.Fetch(ctx, req)
	if err != nil {
		return nil, unavailable(err)
	}
	return &Response{Status: answer.Status, Header: kept(answer.Header), Body: answer.Body}, nil
}

// judgeSignedIn judges the record as a view by its own user.
func (op *operation) judgeSignedIn(ctx context.Context, s session.Session, record json.RawMessage) (json.RawMessage, error) {
	if op.policy == nil && op.branches == nil {
		return record, nil
	}
	op.caller, op.RecordID, op.told = &Caller{Session: s}, s.RecordID, nil
	if op.policy != nil {
		if err := op.tell(ctx); err != nil {
			return nil, err
		}
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
		Upstream: token, Expires: expires.Time, Proved: began, Refreshable: refreshable,
		Device: device(op.Header()), Address: op.Client.Addr().String(),
	}
	if lifetime := op.snapshot.Settings.Lifetime; lifetime > 0 && now.Add(lifetime).Before(s.Expires) {
		s.Expires = now.Add(lifetime)
	}
	return s, nil
}

// maxDevice bounds what is kept of a User-Agent, in bytes.
const maxDevice = 200

// device is what the client calls itself.
func device(h http.Header) string {
	text := h.Get("User-Agent")
	return strings.ToValidUTF8(text[:min(len(text), maxDevice)], "")
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

// sendOn gives a request the body as it came, and returns it; nil if there is none.
func (p *Passage) sendOn(req *pocketbase.Request) (*bytes.Reader, error) {
	if p.Body == nil {
		return nil, nil
	}
	sent, err := p.readSmall()
	if err != nil {
		return nil, err
	}
	req.Body, req.ContentLength = sent, sent.Size()
	return sent, nil
}

// sendOnNamed is sendOn, and returns what a member of the body is: nil if it is not
// there, or if two readers could disagree about it.
func (p *Passage) sendOnNamed(req *pocketbase.Request, key string) (any, error) {
	sent, err := p.sendOn(req)
	if err != nil || sent == nil {
		return nil, err
	}
	look := *p
	look.Flight = nil // it takes up its room already
	look.Body, look.ContentLength = io.NewSectionReader(sent, 0, sent.Size()), sent.Size()
	read, err := readBody(&look, maxSmallBody)
	if err != nil {
		return nil, nil
	}
	defer read.discard()
	return read.values[key], nil
}

// readSmall takes a body of a route that carries no record.
func (p *Passage) readSmall() (*bytes.Reader, error) {
	counted, err := p.kept(maxSmallBody, maxSmallBody)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(counted)
	switch {
	case counted.refused() != nil:
		return nil, counted.refused()
	case err != nil:
		return nil, unreadable(err)
	}
	return bytes.NewReader(raw), nil
}
