package session

import (
	"crypto/rand"
	"math"
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

// What a request adds of which a session may make only so many.
func BenchmarkCount(b *testing.B) {
	m := open(b)
	s, err := m.Create(b.Context(), rules, sample())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Count(b.Context(), s.ID, "create", 1, math.MaxInt64); err != nil {
			b.Fatal(err)
		}
	}
}

// As many at once as there are processors, each for a session of its own.
func BenchmarkCountParallel(b *testing.B) {
	m := open(b)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		s, err := m.Create(b.Context(), rules, owned(rand.Text()))
		if err != nil {
			b.Error(err)
		}
		for pb.Next() {
			if _, err := m.Count(b.Context(), s.ID, "create", 1, math.MaxInt64); err != nil {
				b.Error(err)
			}
		}
	})
}

// The first that is counted of a session since a restart, or since it rested.
func BenchmarkCountFirst(b *testing.B) {
	m := open(b)
	s, err := m.Create(b.Context(), rules, sample())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		m.tallies.drop([]string{s.ID})
		if _, err := m.Count(b.Context(), s.ID, "create", 1, math.MaxInt64); err != nil {
			b.Fatal(err)
		}
	}
}

// What the sweep writes down, of as many sessions as memory holds.
func BenchmarkSaveCounts(b *testing.B) {
	m := open(b)
	for range maxInMemory {
		m.tallies.put(rand.Text(), &tally{counts: map[string]int64{"create": 1}}, 0)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, one := range m.tallies.here {
			one.changed = true
		}
		if err := m.saveCounts(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
