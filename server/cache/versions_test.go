package cache

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// Whatever the interleaving: who began to read before a change is never believed
// after it, and who began after it is, until the next.
func TestVersionsUnderConcurrency(t *testing.T) {
	v := newVersions()
	slots := []Slot{v.slot(ofRecord, "posts", "a"), v.slot(ofRows, "posts", "")}
	var stored atomic.Int64
	var all sync.WaitGroup
	var writing sync.Mutex
	for range 4 {
		all.Go(func() {
			for range 2000 {
				writing.Lock()
				n := stored.Add(1)
				since := v.now()
				v.touch(slots...)
				if !v.changed(since, slots[:1]) {
					t.Errorf("%d: nothing is seen of the change", n)
				}
				writing.Unlock()
			}
		})
		all.Go(func() {
			for range 2000 {
				since := v.now()
				read := stored.Load()
				for !v.changed(since, slots) && stored.Load() == read {
					if read == 8000 {
						return
					}
				}
				told := stored.Load() // of which all but the last were told of
				if !v.changed(since, slots) && told > read+1 {
					t.Errorf("%d is believed to be what is stored, and it is %d", read, told)
				}
			}
		})
	}
	all.Wait()
}

func TestSlotsAreApart(t *testing.T) {
	v := newVersions()
	seen := map[Slot]string{everything: "everything"}
	met := 0
	for i := range 300 {
		name := fmt.Sprint("c", i)
		for what, s := range map[string]Slot{
			"whole " + name: v.slot(ofWhole, name, ""), "rows " + name: v.slot(ofRows, name, ""), "record " + name: v.slot(ofRecord, name, ""),
		} {
			if s == everything {
				t.Fatalf("%s is everything", what)
			}
			if _, there := seen[s]; there {
				met++
			}
			seen[s] = what
		}
	}
	if met > 10 { // of 900 in a quarter of a million; 1.5 are to be expected
		t.Errorf("%d meet", met)
	}
	if v.slot(ofRecord, "ab", "c") == v.slot(ofRecord, "a", "bc") {
		t.Error("where a name ends does not count")
	}
}
