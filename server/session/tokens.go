package session

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// tokens mints and reads what clients hold. It is safe for concurrent use.
type tokens struct {
	secrets [][]byte // the first signs, all verify
	parser  *jwt.Parser
	known   verified
}

const (
	// minSecret is what RFC 7518 section 3.2 asks of an HS256 key, in bytes.
	minSecret = 32
	// maxToken bounds, in bytes, what is decoded before its signature is known
	// to be good. Hapta's own tokens are below 400.
	maxToken = 2048
	// fileLifetime is that of PocketBase's own file tokens.
	fileLifetime = 2 * time.Minute
	// beginning is that of every token minted here: {"alg":"HS256","typ":"JWT"}
	// and the start of a JSON object. Nothing else is decoded, so that no other
	// algorithm is even looked at.
	beginning = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ"
)

// ErrToken is wrapped by the errors of tokens that say nothing.
var ErrToken = errors.New("not a valid token")

func newTokens(secrets [][]byte) (*tokens, error) {
	if len(secrets) == 0 {
		return nil, errors.New("tokens need a secret")
	}
	for _, s := range secrets {
		if len(s) < minSecret {
			return nil, fmt.Errorf("a token secret has to be at least %d bytes long", minSecret)
		}
	}
	return &tokens{secrets: secrets, parser: jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(), jwt.WithStrictDecoding())}, nil
}

// mint makes a token of the session's newest generation, valid until it expires.
func (t *tokens) mint(s Session) (string, error) {
	return t.sign(s, claims{ID: s.RecordID, Type: typeAuth, CollectionID: s.CollectionID, Expires: s.Expires.Unix(),
		Refreshable: &s.Refreshable, Generation: s.Generation})
}

func (t *tokens) mintFile(s Session) (string, error) {
	return t.sign(s, claims{Type: typeFile, Expires: time.Now().Add(fileLifetime).Unix()})
}

func (t *tokens) sign(s Session, c claims) (string, error) {
	c.Session, c.Issued = s.ID, time.Now().Unix()
	k, err := key(t.secrets[0], s.Seed, c.Type, c.Generation)
	if err != nil {
		return "", err
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(k)
}

// read is what a token of that type says, once its signature is found good by
// the key of the session that it names.
func (t *tokens) read(ctx context.Context, token, kind string, find func(context.Context, string) (Session, error)) (claims, error) {
	if len(token) > maxToken {
		return claims{}, ErrToken
	}
	c, ok := t.known.get(token, time.Now())
	if !ok {
		var err error
		if c, err = t.parse(ctx, token, find); err != nil {
			return claims{}, err
		}
		t.known.put(token, c)
	}
	if c.Type != kind {
		return claims{}, fmt.Errorf("%w: it is of another type", ErrToken)
	}
	return c, nil
}

func (t *tokens) parse(ctx context.Context, token string, find func(context.Context, string) (Session, error)) (claims, error) {
	// Go's base64 skips line ends, so a token could be written in many ways.
	if !strings.HasPrefix(token, beginning) || strings.ContainsAny(token, "\r\n") {
		return claims{}, ErrToken
	}
	var c claims
	var lookup error
	_, err := t.parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) {
		if c.Session == "" { // it is PocketBase's
			return nil, errors.New("it names no session")
		}
		var s Session
		if s, lookup = find(ctx, c.Session); lookup != nil {
			return nil, lookup
		}
		return t.keys(s, &c)
	})
	switch {
	case lookup != nil:
		return claims{}, lookup
	case err != nil:
		return claims{}, fmt.Errorf("%w: %w", ErrToken, err)
	case !c.writtenAs(token):
		return claims{}, fmt.Errorf("%w: its claims are not as they are written here", ErrToken)
	}
	return c, nil
}

// writtenAs tells whether a token's payload is these claims as they are written
// here, with none twice and none more.
func (c claims) writtenAs(token string) bool {
	text, err := c.MarshalJSON()
	payload := make([]byte, base64.RawURLEncoding.EncodedLen(len(text)))
	base64.RawURLEncoding.Encode(payload, text)
	return err == nil && bytes.Equal(payload, []byte(strings.Split(token, ".")[1]))
}
