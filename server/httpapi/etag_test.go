package httpapi

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"
)

func tagOf(secret, body string) string {
	return string(newTags([]byte(secret)).append(nil, []byte(body)))
}

// What clients keep holds after an update of the server too, and for the next server
// of another kind of processor, so tags never change.
func TestTagsStay(t *testing.T) {
	const secret = "a secret that is never to change"
	for body, want := range map[string]string{
		"":                                 `"W51-yWH9qBzirlqvuyOD3A"`,
		`{"id":"abcdefghij12345"}`:         `"Zh7Oem28M_998NcNvI3Sug"`,
		strings.Repeat("a long one, ", 99): `"2spzvoNCGiCGTC6laY9Gog"`,
	} {
		if got := tagOf(secret, body); got != want || len(got) != tagSize {
			t.Errorf("%q has the tag %s; want %s", body, got, want)
		}
	}
}

// Every byte of a body, of the longest kind of block and of the rest behind it, and
// the secret count.
func TestTagsTellApart(t *testing.T) {
	body := bytes.Repeat([]byte("x"), 100)
	seen := map[string]bool{tagOf("secret", string(body)): true, tagOf("another", string(body)): true}
	for i := range body {
		seen[tagOf("secret", string(body[:i]))] = true
		body[i] = 'y'
		seen[tagOf("secret", string(body))] = true
		body[i] = 'x'
	}
	if len(seen) != 2+2*len(body) {
		t.Errorf("%d bodies have %d tags", 2+2*len(body), len(seen))
	}
}

// BenchmarkTag is a tag of a record and of a page, beside the hash that needs no secret.
func BenchmarkTag(b *testing.B) {
	all := newTags([]byte("secret"))
	for _, size := range []int{500, 30 << 10} {
		body := bytes.Repeat([]byte("x"), size)
		b.Run(itoa(size)+"/keyed", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var room [tagSize]byte
				all.append(room[:0], body)
			}
		})
		b.Run(itoa(size)+"/sha256", func(b *testing.B) {
			for b.Loop() {
				sha256.Sum256(body)
			}
		})
	}
}
