package session

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	typeAuth = "auth"
	typeFile = "file"
)

// claims are PocketBase's own, which its SDKs read, and those by which Hapta
// finds the key. Times are seconds since 1970.
type claims struct {
	ID           string `json:"id,omitempty"`
	Type         string `json:"type"`
	CollectionID string `json:"collectionId,omitempty"`
	Expires      int64  `json:"exp"`
	Refreshable  *bool  `json:"refreshable,omitempty"`
	Session      string `json:"sid"`
	Generation   int64  `json:"gen"`
	Issued       int64  `json:"iat"`
}

// age is how long ago the token was issued, a second less at most.
func (c claims) age(now time.Time) time.Duration { return now.Sub(time.Unix(c.Issued+1, 0)) }

// MarshalJSON writes the claims so that their base64url form has neither - nor
// _: the JS SDK hands that form to the browser's atob, which knows + and / in
// their place and throws on these.
//
// The two stand for the six bits 62 and 63. Of ASCII text, the first three of
// the four digits that three bytes give stay below 62, as its top bit is never
// set; the fourth is the low six bits of a byte, which are 62 or 63 in > ? ~
// and DEL alone. So it is enough to write these four and everything past ASCII
// as JSON escapes, which say the same.
func (c claims) MarshalJSON() ([]byte, error) {
	type plain claims
	text, err := json.Marshal(plain(c))
	if err != nil {
		return nil, err
	}
	return escape(text), nil
}

func escape(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range string(text) {
		switch {
		case r > 0xffff: // a surrogate pair, RFC 8259 section 7
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		case r > 0x7e, r == '>', r == '?', r == '~':
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = append(out, byte(r))
		}
	}
	return out
}

// GetExpirationTime is a claim that the parser requires.
func (c claims) GetExpirationTime() (*jwt.NumericDate, error) {
	if c.Expires == 0 {
		return nil, nil
	}
	return jwt.NewNumericDate(time.Unix(c.Expires, 0)), nil
}

// GetIssuedAt is not for the parser to judge: a clock may be set back.
func (claims) GetIssuedAt() (*jwt.NumericDate, error) { return nil, nil }

// The registered claims that Hapta's tokens do not carry.
func (claims) GetNotBefore() (*jwt.NumericDate, error) { return nil, nil }
func (claims) GetIssuer() (string, error)              { return "", nil }
func (claims) GetSubject() (string, error)             { return "", nil }
func (claims) GetAudience() (jwt.ClaimStrings, error)  { return nil, nil }
