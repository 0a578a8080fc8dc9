package pocketbase

import "testing"

func TestBreaker(t *testing.T) {
	var b breaker
	is := func(closed bool) {
		t.Helper()
		if _, ok := b.enter(); ok != closed {
			t.Fatalf("a request may be sent: %t", ok)
		}
	}
	fail := func(round, times int, opened bool) {
		t.Helper()
		for i := range times {
			if got := b.failed(round); got != (opened && i == times-1) {
				t.Fatalf("failure %d opened it: %t", i+1, got)
			}
		}
	}
	is(false) // nothing is known yet
	if !b.close() || b.close() {
		t.Fatal("it does not know whether it was open")
	}
	is(true)
	old, _ := b.enter()
	fail(old, tripAfter-1, false)
	b.answered(old)
	fail(old, tripAfter-1, false) // in a row
	is(true)
	fail(old, 1, true)
	is(false)
	fail(old, 1, false)
	b.answered(old) // no request closes it
	is(false)
	b.close()
	is(true)
	fail(old, tripAfter, false) // of requests from before
	b.open()
	is(false)
	b.close()
	round, _ := b.enter()
	fail(round, tripAfter, true)
}
