package httpapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/minio/highwayhash"
)

// tags are the entity tags of bodies (RFC 9110, section 8.8.3). The same body has
// the same tag in each process that has the same secret, and who does not know that
// finds no two bodies that share one.
type tags struct{ key []byte }

func newTags(secret []byte) tags {
	key := hmac.New(sha256.New, secret) // a key of its own: what the secret signs stays apart
	key.Write([]byte("hapta entity tags"))
	return tags{key.Sum(nil)}
}

// append appends the tag of a body, quotes included, to dst.
func (t tags) append(dst, body []byte) []byte {
	sum := highwayhash.Sum128(body, t.key)
	dst = base64.RawURLEncoding.AppendEncode(append(dst, '"'), sum[:])
	return append(dst, '"')
}

// tagSize is how many bytes a tag takes: 128 bits in base64, and two quotes.
const tagSize = 24
