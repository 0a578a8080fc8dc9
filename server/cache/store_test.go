package cache

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"testing"
	"time"
)

func all(head) bool { return true }

func TestEntriesComeBackWhole(t *testing.T) {
	s := newStore(LeastSize)
	random := rand.New(rand.NewPCG(1, 2))
	most := s.most * maxPieces
	for _, size := range []int{0, 1, 100, s.most - 100, s.most, s.most + 1, 2 * s.most, 3*s.most - 7, most / 2, most - 200} {
		in := Answer{
			Status: http.StatusOK, Header: http.Header{"Content-Type": {"a"}, "X-Two": {"b", "c: d"}}, Body: make([]byte, size),
			Basis: Basis{On: []Slot{1, 2, 3}, Since: 7, Born: time.Hour, TTL: time.Minute},
		}
		for i := range in.Body {
			in.Body[i] = byte(random.Uint32())
		}
		key := fmt.Append(nil, "key", size)
		if !s.put(key, &in, time.Minute) {
			t.Errorf("%d bytes: too large", size)
		}
		out, ok := s.get(key, true, func(h head) bool { return h.since == 7 && h.born == time.Hour && h.status == 200 })
		if !ok || fmt.Sprint(out.Basis, out.Header) != fmt.Sprint(in.Basis, in.Header) || !bytes.Equal(out.Body, in.Body) {
			t.Errorf("%d bytes: %t %v", size, ok, out.Header)
		}
		if _, ok := s.get(key, true, func(head) bool { return false }); ok {
			t.Errorf("%d bytes: it is not wanted", size)
		}
	}
	for _, e := range []Answer{{Body: make([]byte, most)}, {Header: http.Header{"X": {string(make([]byte, s.most))}}}} {
		if _, ok := s.get([]byte("large"), true, all); s.put([]byte("large"), &e, time.Minute) || ok {
			t.Error("it is too large")
		}
	}
}

// Two keys that have one hash take each other's place, and never each other's answer.
func TestAKeyIsNotItsHash(t *testing.T) {
	s := newStore(LeastSize)
	s.put([]byte("a"), &Answer{Body: []byte("of a")}, time.Minute)
	raw, err := s.kept.Get(sliceOf(s.place([]byte("a"))))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.kept.Set(sliceOf(s.place([]byte("b"))), raw, 60); err != nil {
		t.Fatal(err)
	}
	if e, ok := s.get([]byte("b"), true, all); ok {
		t.Errorf("b has %q", e.Body)
	}
}

func sliceOf(p place) []byte { return p[:] }

// A large entry of which a piece has made room, or is another one's, is gone.
func TestPiecesBelongTogether(t *testing.T) {
	s := newStore(LeastSize)
	body := func(c byte) *Answer { return &Answer{Body: bytes.Repeat([]byte{c}, 3*s.most)} }
	key := []byte("a")
	second := sliceOf(s.place(key).piece(2))
	s.put(key, body('a'), time.Minute)
	old, err := s.kept.Get(second)
	if err != nil {
		t.Fatal(err)
	}
	s.put(key, body('b'), time.Minute)
	if e, ok := s.get(key, true, all); !ok || !bytes.Equal(e.Body, body('b').Body) {
		t.Errorf("the second: %t %d bytes", ok, len(e.Body))
	}
	if err := s.kept.Set(second, old, 60); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.get(key, true, all); ok {
		t.Error("it is made of two")
	}
	s.put(key, body('b'), time.Minute)
	s.kept.Del(second)
	if _, ok := s.get(key, true, all); ok {
		t.Error("a piece is missing")
	}
}

// Neither many small entries nor large ones take more than the cache's size, its index
// included.
func TestTheSizeHoldsInAFlood(t *testing.T) {
	for _, size := range []int{LeastSize, 32 << 20} {
		for _, body := range []int{0, 2_000, size / 1024, size / 256} {
			before := inUse()
			s := newStore(size)
			e := &Answer{Status: 404, Header: http.Header{"Content-Type": {"application/json"}}, Body: make([]byte, body)}
			for i := range 2 * size / (body + leastEntry) {
				if !s.put(fmt.Append(nil, "key", i), e, time.Minute) {
					t.Fatalf("a body of %d is too large", body)
				}
			}
			if took := inUse() - before; took > int64(size) {
				t.Errorf("bodies of %d: %d bytes of %d", body, took, size)
			}
			if n := s.kept.EntryCount(); n*int64(max(body, leastEntry)) < int64(size)/6 {
				t.Errorf("bodies of %d: %d there in %d", body, n, size)
			}
			runtime.KeepAlive(s)
		}
	}
}

func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestHeadersAreHeldOnce(t *testing.T) {
	var h headers
	for i := range 10 * maxHeaders {
		in := http.Header{"X-A": {fmt.Sprint(i), ""}, "X-B": {"b"}, "Date": {"now"}, "Age": {"3"}}
		raw := encodeHeader(in)
		out := h.of(raw)
		if again := h.of(raw); len(out) != 2 || fmt.Sprint(out["X-A"]) != fmt.Sprint(in["X-A"]) || out.Get("X-B") != "b" || fmt.Sprintf("%p", out) != fmt.Sprintf("%p", again) {
			t.Fatalf("%v is read as %v", in, out)
		}
		if len(h.read) > maxHeaders {
			t.Fatal("too many are held")
		}
	}
}
