package ratelimit

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// bucket is the limit said in another way: a bucket of whole nanoseconds that
// holds Burst of Every, into which time drips.
type bucket struct {
	Limit
	full time.Duration
	at   time.Time
}

func newBucket(l Limit, at time.Time) *bucket { return &bucket{l, l.window(), at} }

func (b *bucket) drip(now time.Time) {
	b.full = min(b.window(), b.full+now.Sub(b.at))
	b.at = now
}

func (b *bucket) take(n int, now time.Time) bool {
	b.drip(now)
	cost := time.Duration(n) * b.Every
	if b.full < cost {
		return false
	}
	b.full -= cost
	return true
}

func take(t *testing.T, m *Memory, k Key, l Limit, n int, now time.Time) Balance {
	t.Helper()
	b, err := m.Take(t.Context(), k, l, n, now)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func anyLimit(random *rand.Rand) Limit {
	return Per(1+random.IntN(10), time.Duration(1+random.IntN(10_000))*time.Millisecond)
}

func TestMemoryIsABucket(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		limit, m, now := anyLimit(random), NewMemory(), time.Now()
		models := map[Key]*bucket{}
		for step := range 500 {
			key := Key{What: fmt.Sprint(random.IntN(3))}
			if models[key] == nil {
				models[key] = newBucket(limit, now)
			}
			model, n := models[key], 1+random.IntN(limit.Burst)
			got, want := take(t, m, key, limit, n, now), model.take(n, now)
			if got.OK != want || got.OK != (got.Wait == 0) {
				t.Fatalf("seed %d, step %d: %+v; the bucket says %v, it holds %v", seed, step, got, want, model.full)
			}
			if left := int(model.full / limit.Every); got.Left != left || got.Full != limit.window()-model.full {
				t.Fatalf("seed %d, step %d: %+v; the bucket holds %v of %v", seed, step, got, model.full, limit.window())
			}
			if !got.OK { // it says when, to the nanosecond
				if early := take(t, m, key, limit, n, now.Add(got.Wait-1)); early.OK {
					t.Fatalf("seed %d, step %d: they come sooner than after %v", seed, step, got.Wait)
				}
			}
			if got.OK && random.IntN(4) == 0 {
				if err := m.Return(t.Context(), key, limit, n); err != nil {
					t.Fatal(err)
				}
				model.full += time.Duration(n) * limit.Every
			}
			now = now.Add(time.Duration(random.Int64N(int64(2 * limit.Every))))
		}
	}
}

// In any stretch of time there are Burst + t/Every at most, and there is one as
// soon as that allows it, whoever asks at once with them, and in whatever order
// their clocks were read.
func TestAnyStretchOfTime(t *testing.T) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 1))
		limit, m, begin := anyLimit(random), NewMemory(), time.Now()
		var mu sync.Mutex
		var accepted []time.Duration
		var wg sync.WaitGroup
		const askers, asks = 4, 60
		for range askers {
			own := rand.New(rand.NewPCG(seed, random.Uint64()))
			wg.Go(func() {
				at := time.Duration(0)
				for range asks {
					at += time.Duration(own.Int64N(int64(2 * limit.Every)))
					if b, _ := m.Take(t.Context(), Key{What: "x"}, limit, 1, begin.Add(at)); b.OK {
						mu.Lock()
						accepted = append(accepted, at)
						mu.Unlock()
					}
					runtime.Gosched()
				}
			})
		}
		wg.Wait()
		slices.SortFunc(accepted, cmp.Compare)
		for i := range accepted {
			for j := i; j < len(accepted); j++ {
				stretch := accepted[j] - accepted[i]
				if n := j - i + 1; n > limit.Burst+int(stretch/limit.Every) {
					t.Fatalf("seed %d: %d within %v; the limit is %+v", seed, n, stretch, limit)
				}
			}
		}
	}
}

// Whoever comes no more often than the steady rate is never refused, and whoever
// always comes gets that rate in full.
func TestSteadyRateIsGiven(t *testing.T) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 2))
		limit, m, now := anyLimit(random), NewMemory(), time.Now()
		steady, greedy := Key{What: "steady"}, Key{What: "greedy"}
		got := 0
		for step := range 300 {
			if b := take(t, m, steady, limit, 1, now); !b.OK {
				t.Fatalf("seed %d, step %d: %+v", seed, step, b)
			}
			for take(t, m, greedy, limit, 1, now).OK {
				got++
			}
			now = now.Add(limit.Every)
		}
		if want := limit.Burst + 299; got != want {
			t.Fatalf("seed %d: %d of %d", seed, got, want)
		}
	}
}

// Many at once get what there is, and no more.
func TestManyAtOnce(t *testing.T) {
	m, now := NewMemory(), time.Now()
	limit := Per(100, time.Hour)
	counts := make([]int, 8)
	var wg sync.WaitGroup
	for i := range counts {
		wg.Go(func() {
			for range 100 {
				if b, _ := m.Take(t.Context(), Key{What: "x"}, limit, 1, now); b.OK {
					counts[i]++
				}
			}
		})
	}
	wg.Wait()
	sum := 0
	for _, n := range counts {
		sum += n
	}
	if sum != 100 {
		t.Errorf("%d of 100 were counted", sum)
	}
}

// What was counted stays counted when the limit becomes another one: as many, at the
// new one's rate, and no more than all of it.
func TestLimitsChange(t *testing.T) {
	m, now, k := NewMemory(), time.Now(), Key{What: "x"}
	slow, fast := Per(10, time.Hour), Per(10, time.Second)
	for range 10 {
		take(t, m, k, fast, 1, now)
	}
	if b := take(t, m, k, fast, 1, now); b.OK {
		t.Fatal("more than at once")
	}
	if b := take(t, m, k, Per(20, time.Second), 1, now); !b.OK || b.Left != 9 {
		t.Errorf("20 instead of 10, of which 10 were spent: %+v", b)
	}
	if b := take(t, m, k, slow, 1, now); b.OK || b.Wait != slow.Every {
		t.Errorf("10 of which 11 were spent: %+v", b)
	}
	if b := take(t, m, k, fast, 1, now); b.OK || b.Wait != fast.Every {
		t.Errorf("they wait for the limit of before: %+v", b)
	}
	half := now.Add(500 * time.Millisecond)
	if b := take(t, m, k, Per(20, time.Second), 1, half); !b.OK || b.Left != 18 {
		t.Errorf("of the 11 of 20, 10 are there again: %+v", b)
	}
}

func TestPutOff(t *testing.T) {
	m, now, k := NewMemory(), time.Now(), Key{What: "x"}
	limit, until := Per(10, time.Second), now.Add(time.Minute)
	if err := m.PutOff(t.Context(), k, until); err != nil {
		t.Fatal(err)
	}
	if b := take(t, m, k, limit, 1, until.Add(-1)); b.OK || !b.PutOff || b.Wait != 1 {
		t.Errorf("they are not put off: %+v", b)
	}
	if b := take(t, m, Key{What: "y"}, limit, 1, now); !b.OK {
		t.Errorf("another is put off: %+v", b)
	}
	if b := take(t, m, k, limit, 1, until); !b.OK || b.PutOff {
		t.Errorf("it does not end: %+v", b)
	}
	for i, lift := range []time.Time{{}, now} {
		k := Key{What: fmt.Sprint(i)}
		_ = m.PutOff(t.Context(), k, until)
		_ = m.PutOff(t.Context(), k, lift)
		if b := take(t, m, k, limit, 1, now.Add(time.Second)); !b.OK {
			t.Errorf("it is not lifted: %+v", b)
		}
	}
}

// More keys than are kept stay within the memory that is stated, and those that
// were busy are still known after them.
func TestMemoryIsBounded(t *testing.T) {
	before := heap()
	m, now, limit := NewMemory(), time.Now(), Per(1000, 1000*time.Second)
	busy := Key{What: "busy"}
	take(t, m, busy, limit, 1000, now)
	_ = m.PutOff(t.Context(), busy, now.Add(time.Hour))
	for i := range maxKeys * 5 / 4 {
		k := Key{What: "list", Who: Caller{Record: fmt.Sprint(i)}}
		take(t, m, k, limit, 1, now)
		if i < 2*maxPutOff {
			_ = m.PutOff(t.Context(), k, now.Add(time.Minute))
		}
	}
	if grown := heap() - before; grown > (maxKeys+maxPutOff)*60 {
		t.Errorf("%d bytes are %d a key", grown, grown/maxKeys)
	}
	kept, putOff := 0, 0
	for i := range m.shards {
		kept, putOff = kept+len(m.shards[i].paid), putOff+len(m.shards[i].putOff)
	}
	if kept != maxKeys || putOff != maxPutOff {
		t.Errorf("%d keys are kept, %d of them put off", kept, putOff)
	}
	if b := take(t, m, busy, limit, 1, now.Add(time.Minute)); !b.PutOff {
		t.Error("one is forgotten that was put off")
	}
	_ = m.PutOff(t.Context(), busy, now)
	if b := take(t, m, busy, limit, 1, now); b.OK {
		t.Error("one is forgotten that was busy")
	}
}

func heap() int64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}
