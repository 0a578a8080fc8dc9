package gateway

import (
	"encoding/base64"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// upstreamToken is a text that has the form of PocketBase's own tokens. Whether
// it is one, PocketBase alone can say.
type upstreamToken struct {
	text string

	Type         string `json:"type"`
	ID           string `json:"id"`
	CollectionID string `json:"collectionId"`
	Refreshable  bool   `json:"refreshable"`
	jwt.RegisteredClaims
}

func readUpstreamToken(text string) (upstreamToken, bool) {
	t := upstreamToken{text: text}
	_, _, err := jwt.NewParser().ParseUnverified(text, &t)
	return t, err == nil && t.Type != "" && t.CollectionID != ""
}

// isCanonical tells whether a token is written as it was made. Base64 that ends in
// the middle of a byte can be written in several ways, and with line ends in it, all
// of which PocketBase takes; one that is spent could come back in another.
func isCanonical(token string) bool {
	for part := range strings.SplitSeq(token, ".") {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil || base64.RawURLEncoding.EncodeToString(raw) != part {
			return false
		}
	}
	return true
}
