package session

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"
)

func sample() Session {
	return Session{CollectionID: "_pb_users_auth_", CollectionName: "users", RecordID: "u0000000000001a",
		Upstream: strings.Repeat("x", 240), Expires: time.Now().Add(time.Hour), Proved: time.Now(), Refreshable: true}
}

// A sign-in storm: as many at once as there are processors.
func BenchmarkCreate(b *testing.B) {
	m := open(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := m.Create(b.Context(), rules, owned(rand.Text())); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// What each request of a signed-in client costs.
func BenchmarkIdentify(b *testing.B) {
	m := open(b)
	s, err := m.Create(b.Context(), rules, sample())
	if err != nil {
		b.Fatal(err)
	}
	token := minted(b, m, s)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := m.Identify(b.Context(), rules, token); err != nil {
			b.Fatal(err)
		}
	}
}

// The first request with a token.
func BenchmarkIdentifyFirst(b *testing.B) {
	m := open(b)
	s, err := m.Create(b.Context(), rules, sample())
	if err != nil {
		b.Fatal(err)
	}
	token := minted(b, m, s)
	b.ReportAllocs()
	for b.Loop() {
		m.tokens.known = verified{}
		if _, _, err := m.Identify(b.Context(), rules, token); err != nil {
			b.Fatal(err)
		}
	}
}
