package session

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Tokens mints and verifies what clients hold. It is safe for concurrent use.
type Tokens struct {
	keys   jwt.VerificationKeySet // the first signs
	parser *jwt.Parser
	known  verified
}

const (
	// minKey is what RFC 7518 section 3.2 asks of an HS256 key, in bytes.
	minKey = 32
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

// ErrToken is wrapped by every error of Verify and VerifyFile.
var ErrToken = errors.New("not a valid token")

// NewTokens takes the secrets, of 32 bytes or more each: the first signs, all verify.
func NewTokens(secrets [][]byte) (*Tokens, error) {
	if len(secrets) == 0 {
		return nil, errors.New("tokens need a secret")
	}
	t := &Tokens{parser: jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(), jwt.WithStrictDecoding())}
	for _, s := range secrets {
		if len(s) < minKey {
			return nil, fmt.Errorf("a token secret has to be at least %d bytes long", minKey)
		}
		t.keys.Keys = append(t.keys.Keys, s)
	}
	return t, nil
}

// Mint makes the token of a session, valid until the session expires.
func (t *Tokens) Mint(s Session) (string, error) {
	return t.sign(claims{ID: s.RecordID, Type: typeAuth, CollectionID: s.CollectionID,
		Expires: s.Expires.Unix(), Refreshable: &s.Refreshable, Session: s.ID})
}

// MintFile makes a token that opens protected files for two minutes, as long as
// its session lives.
func (t *Tokens) MintFile(sessionID string) (string, error) {
	return t.sign(claims{Type: typeFile, Expires: time.Now().Add(fileLifetime).Unix(), Session: sessionID})
}

// Verify is the session that a token belongs to. Whether it still lives is for
// the Store to say.
func (t *Tokens) Verify(token string) (sessionID string, err error) {
	return t.verify(token, typeAuth)
}

// VerifyFile is Verify for the tokens of MintFile.
func (t *Tokens) VerifyFile(token string) (sessionID string, err error) {
	return t.verify(token, typeFile)
}

func (t *Tokens) sign(c claims) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(t.keys.Keys[0])
}

func (t *Tokens) verify(token, kind string) (string, error) {
	// Go's base64 skips line ends, so a token could be written in many ways.
	if len(token) > maxToken || !strings.HasPrefix(token, beginning) || strings.ContainsAny(token, "\r\n") {
		return "", ErrToken
	}
	c, ok := t.known.get(token, time.Now())
	if !ok {
		var err error
		if c, err = t.parse(token); err != nil {
			return "", fmt.Errorf("%w: %w", ErrToken, err)
		}
		t.known.put(token, c)
	}
	if c.Type != kind || c.Session == "" {
		return "", fmt.Errorf("%w: it is of another type", ErrToken)
	}
	return c.Session, nil
}

func (t *Tokens) parse(token string) (claims, error) {
	var c claims
	_, err := t.parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return t.keys, nil })
	return c, err
}
