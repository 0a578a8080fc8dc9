package ratelimit

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// bucket is the limit said in another way: a bucket that holds Burst, and into
// which one drips each Every.
type bucket struct {
	Limit
	full float64
	at   time.Time
}

func (b *bucket) take(now time.Time) bool {
	b.full = min(float64(b.Burst), b.full+float64(now.Sub(b.at))/float64(b.Every))
	b.at = now
	if b.full < 1-1e-9 {
		return false
	}
	b.full--
	return true
}

func TestLimiterIsABucket(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		limit := Limit{1 + random.IntN(10), time.Duration(1+random.IntN(5)) * time.Second}
		l := New[string](limit, 10)
		now := time.Now()
		models := map[string]*bucket{}
		for step := range 500 {
			key := fmt.Sprint(random.IntN(3))
			if models[key] == nil {
				models[key] = &bucket{limit, float64(limit.Burst), now}
			}
			m := models[key]
			wait, ok := l.Take(key, now)
			if want := m.take(now); ok != want || ok != (wait == 0) {
				t.Fatalf("seed %d, step %d: %v, wait %v; the bucket says %v, it holds %v", seed, step, ok, wait, want, m.full)
			}
			if !ok { // it says when
				if _, early := l.Take(key, now.Add(wait-time.Millisecond)); early {
					t.Fatalf("seed %d, step %d: one comes sooner than after %v", seed, step, wait)
				}
			}
			if ok && random.IntN(4) == 0 {
				l.Return(key)
				m.full++
			}
			now = now.Add(time.Duration(random.Int64N(int64(2 * limit.Every))))
		}
	}
}

func TestWaitIsEnough(t *testing.T) {
	l := New[string](Limit{3, time.Second}, 10)
	now := time.Now()
	for range 3 {
		if _, ok := l.Take("a", now); !ok {
			t.Fatal("fewer than at once")
		}
	}
	wait, ok := l.Take("a", now)
	if ok || wait != time.Second {
		t.Fatalf("a fourth has to wait %v: %v", wait, !ok)
	}
	if busy, idle := l.Busy("a", now), l.Busy("b", now); busy != 3*time.Second || idle != 0 || l.Busy("a", now.Add(busy)) != 0 {
		t.Errorf("they are busy for %v and %v", busy, idle)
	}
	if _, ok := l.Take("b", now); !ok {
		t.Error("another has to wait as well")
	}
	if _, ok := l.Take("a", now.Add(wait)); !ok {
		t.Error("it has to wait longer than it was told")
	}
}

func TestLimiterAtOnce(t *testing.T) {
	l := New[int](Limit{100, time.Hour}, 10)
	now := time.Now()
	var taken atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if _, ok := l.Take(1, now); ok {
					taken.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if taken.Load() != 100 {
		t.Errorf("%d of 100 were taken", taken.Load())
	}
}

// Who was busy stays when more come than are kept.
func TestLimiterIsBounded(t *testing.T) {
	l := New[int](Limit{1000, time.Second}, 100)
	now := time.Now()
	for range 1000 {
		l.Take(-1, now)
	}
	for key := range 100_000 {
		l.Take(key, now)
	}
	if len(l.paid) != 100 {
		t.Errorf("%d are kept", len(l.paid))
	}
	if _, ok := l.Take(-1, now); ok {
		t.Error("one is forgotten that was busy")
	}
}

func BenchmarkTake(b *testing.B) {
	l := New[int](Limit{1000, time.Second}, 100_000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		l.Take(i%200_000, time.Now())
	}
}
