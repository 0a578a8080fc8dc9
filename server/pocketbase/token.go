package pocketbase

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// expiry reads when a token of PocketBase ends. The signature is PocketBase's
// to check.
func expiry(token string) (time.Time, error) {
	var claims jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil {
		return time.Time{}, err
	}
	if claims.ExpiresAt == nil {
		return time.Time{}, fmt.Errorf("it has no end")
	}
	return claims.ExpiresAt.Time, nil
}
