package session

import (
	"crypto/hkdf"
	"crypto/sha256"
	"strconv"

	"github.com/golang-jwt/jwt/v5"
)

// key is that of a session's tokens of one type and generation (RFC 5869). It
// takes both the secret, which is not kept with the sessions, and the seed,
// which is kept nowhere else.
func key(secret, seed []byte, kind string, generation int64) ([]byte, error) {
	return hkdf.Key(sha256.New, secret, seed, "hapta "+kind+" "+strconv.FormatInt(generation, 10), sha256.Size)
}

// keys are those that verify: one for each secret that is still believed.
func (t *tokens) keys(s Session, c *claims) (jwt.VerificationKeySet, error) {
	var set jwt.VerificationKeySet
	for _, secret := range t.secrets {
		k, err := key(secret, s.Seed, c.Type, c.Generation)
		if err != nil {
			return set, err
		}
		set.Keys = append(set.Keys, k)
	}
	return set, nil
}
