package gateway

import "github.com/golang-jwt/jwt/v5"

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
