package seldom

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestGateOpensOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Gate
		opens := func(want int64) {
			t.Helper()
			var opened atomic.Int64
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					if g.Opens(time.Minute) {
						opened.Add(1)
					}
				})
			}
			if all.Wait(); opened.Load() != want {
				t.Errorf("it opens for %d; want %d", opened.Load(), want)
			}
		}
		opens(1)
		time.Sleep(time.Minute - time.Millisecond)
		opens(0)
		time.Sleep(time.Millisecond)
		opens(1)
	})
}
