package session

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func sample() Session {
	return Session{CollectionID: "_pb_users_auth_", CollectionName: "users", RecordID: "u0000000000001a",
		Upstream: strings.Repeat("x", 240), Expires: time.Now().Add(time.Hour), Proved: time.Now(), Refreshable: true}
}

func BenchmarkCreate(b *testing.B) {
	s, err := Open(filepath.Join(b.TempDir(), "sessions.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for b.Loop() {
		if _, err := s.Create(b.Context(), sample()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	s, err := Open(filepath.Join(b.TempDir(), "sessions.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	one, _ := s.Create(b.Context(), sample())
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := s.Get(one.ID); !ok {
			b.Fatal("gone")
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	tokens, err := NewTokens([][]byte{[]byte(strings.Repeat("k", 32))})
	if err != nil {
		b.Fatal(err)
	}
	s := sample()
	s.ID = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	token, err := tokens.Mint(s)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tokens.Verify(token); err != nil {
			b.Fatal(err)
		}
	}
}
