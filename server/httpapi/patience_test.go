package httpapi

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// waits tells how a client that sends so many bytes each time fares, for the
// given number of times.
func waits(times, bytes int, each time.Duration) error {
	p := patience{deadline: func(time.Time) error { return nil }}
	p.renew(30 * time.Second)
	for range times {
		since := time.Now()
		if err := p.before(since); err != nil {
			return err
		}
		if time.Sleep(min(each, time.Until(p.set))); each > time.Since(since) {
			return os.ErrDeadlineExceeded // as the socket says
		}
		p.after(since, bytes)
	}
	return nil
}

func TestPatience(t *testing.T) {
	f := func(times, bytes int, each time.Duration, want error) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			if err := waits(times, bytes, each); !errors.Is(err, want) {
				t.Errorf("%d bytes every %v, %d times: %v; want %v", bytes, each, times, err, want)
			}
		})
	}
	const many = 100_000
	f(many, 1<<10, time.Second, nil)
	f(many, 20<<10, 20*time.Second, nil)
	f(many, 1, time.Millisecond/2, nil)
	f(1, 0, 29*time.Second, nil)

	f(many, 1<<10, 1100*time.Millisecond, os.ErrDeadlineExceeded)
	f(many, 1, time.Second, os.ErrDeadlineExceeded)
	f(30, 1, time.Second, nil)
	f(32, 1, time.Second, os.ErrDeadlineExceeded)
	f(1, 1<<30, 40*time.Second, os.ErrDeadlineExceeded)
}

// What has moved before earns no longer wait than the whole.
func TestPatienceIsNotSavedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := patience{}
		p.renew(30 * time.Second)
		p.after(time.Now(), 1<<30)
		if p.left != p.whole {
			t.Errorf("%v are left of %v", p.left, p.whole)
		}
	})
}

// A deadline is never too early and at most a quarter too late, and one that is
// good still is left alone.
func TestDeadlinesAreSetSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := 0
		p := patience{deadline: func(time.Time) error { set++; return nil }}
		p.renew(8 * time.Second)
		for range 1000 {
			if err := p.before(time.Now()); err != nil {
				t.Fatal(err)
			}
			if ahead := time.Until(p.set); ahead < p.left || ahead > p.left+2*time.Second {
				t.Fatalf("the deadline is in %v; %v are left", ahead, p.left)
			}
			time.Sleep(10 * time.Millisecond) // not for the client
		}
		if set > 6 { // 10 s by 2 s, and the first
			t.Errorf("the deadline was set %d times", set)
		}
		p.renew(0)
		if err := p.before(time.Now()); err != nil || !p.set.IsZero() {
			t.Errorf("without a bound, the deadline is %v, %v", p.set, err)
		}
	})
}
