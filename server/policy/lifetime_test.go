package policy

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy/compile"
)

func TestManyCallsAtOnce(t *testing.T) {
	p := load(t, anew(), paging(true))
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for n := range 100 {
				do := []string{"", "mask", "hide", "trap"}[(g+n)%4]
				d, err := p.Record(t.Context(), view(t, fmt.Sprintf(`{"do":%q}`, do)))
				if want := map[string]abi.Verdict{"": 1, "mask": 1, "hide": 3, "trap": 2}[do]; d.Verdict != want || (err != nil) != (do == "trap") {
					t.Errorf("%q: %+v, %v", do, d, err)
					return
				}
			}
		})
	}
	all.Wait()
	if len(p.pool.idle) > cap(p.pool.slots) || len(p.pool.slots) != 0 {
		t.Fatalf("%d instances are idle and %d in use", len(p.pool.idle), len(p.pool.slots))
	}
}

func TestRetiredPolicyServesItsUsersFirst(t *testing.T) {
	p, err := anew().Load(t.Context(), "test", paging(true).build())
	if err != nil {
		t.Fatal(err)
	}
	if !p.Acquire() {
		t.Fatal("a fresh policy cannot be acquired")
	}
	p.Retire()
	if d, err := p.Record(t.Context(), view(t, `{}`)); err != nil || d.Verdict != abi.VerdictAllow {
		t.Fatalf("a retired policy in use: %+v, %v", d, err)
	}
	if !p.Acquire() {
		t.Fatal("a retired policy in use cannot be shared by another stage of the same request")
	}
	p.Release()
	p.Release()
	if p.Acquire() {
		t.Fatal("a closed policy was acquired")
	}
	if _, err := p.Record(t.Context(), view(t, `{}`)); !errors.Is(err, errClosed) {
		t.Fatalf("a closed policy answers %v", err)
	}
}

func TestRetireWhileInUse(t *testing.T) {
	e := anew()
	module := paging(true).build()
	var mu sync.Mutex
	newest, err := e.Load(t.Context(), "test", module)
	if err != nil {
		t.Fatal(err)
	}
	acquire := func() *Policy {
		for {
			mu.Lock()
			p := newest
			mu.Unlock()
			if p.Acquire() {
				return p
			}
		}
	}
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				p := acquire()
				d, err := p.Record(t.Context(), view(t, `{"do":"mask"}`))
				p.Release()
				if err != nil || len(d.Masks) != 1 {
					t.Errorf("%+v, %v", d, err)
					return
				}
			}
		})
	}
	for range 20 {
		next, err := e.Load(t.Context(), "test", module)
		if err != nil {
			t.Error(err)
			break
		}
		mu.Lock()
		old := newest
		newest = next
		mu.Unlock()
		old.Retire()
	}
	close(stop)
	all.Wait()
	newest.Retire()
}

// HAPTA_RELOADS=10000 go test ./server/policy -run TestReloads tries more.
func TestReloadsLeaveNothingBehind(t *testing.T) {
	rounds := 1000
	if more, err := strconv.Atoi(os.Getenv("HAPTA_RELOADS")); err == nil {
		rounds = more
	}
	e := NewEngine(testLimits)
	cache, err := compile.Open(filepath.Join(t.TempDir(), "modules"))
	if err != nil {
		t.Fatal(err)
	}
	e.CompileBy(cache)
	module := paging(true).build()
	reload := func(times int) (heap, resident uint64) {
		t.Helper()
		for range times {
			p, err := e.Load(t.Context(), "test", module)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Record(t.Context(), view(t, `{}`)); err != nil {
				t.Fatal(err)
			}
			p.Retire()
		}
		runtime.GC()
		runtime.GC() // what finalizers held goes with the second one
		debug.FreeOSMemory()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, residentMemory()
	}
	heapBefore, before := reload(100)
	heap, after := reload(rounds)
	t.Logf("%d reloads: heap %d → %d, resident %d → %d bytes", rounds, heapBefore, heap, before, after)
	const noise, kept = 4 << 20, 1 << 10 // bytes; a reload that leaked a page would show
	if most := uint64(noise + rounds*kept); heap > heapBefore+most || after > before+most {
		t.Fatalf("%d reloads: heap %d → %d, resident %d → %d bytes", rounds, heapBefore, heap, before, after)
	}
}

// residentMemory is what the process holds, native code included; 0 where the
// system does not tell.
func residentMemory() uint64 {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, resident uint64
	_, _ = fmt.Sscan(string(statm), &size, &resident)
	return resident * uint64(os.Getpagesize())
}
