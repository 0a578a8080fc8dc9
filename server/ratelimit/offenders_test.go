package ratelimit

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"testing"
	"time"
)

var someone = Key{"list", Caller{Network: netip.MustParsePrefix("203.0.113.7/32")}}

// hammer is refused as often as it takes to be put off, ten times a second.
func hammer(t *testing.T, o *Offenders, k Key, now time.Time) (Offence, time.Time) {
	t.Helper()
	for range 2000 {
		now = now.Add(time.Second / 10)
		if e, ok := o.Refused(k, now); ok {
			return e, now
		}
	}
	t.Fatal("whoever hammers is not put off")
	return Offence{}, now
}

func TestOffendersArePutOffForLonger(t *testing.T) {
	o, now := NewOffenders(), time.Now()
	for i, want := range []time.Duration{10, 20, 40, 80, 160, 320, 600, 600, 600} {
		var e Offence
		e, now = hammer(t, o, someone, now)
		for range 100 { // what comes meanwhile makes it no longer
			if _, again := o.Refused(someone, now.Add(time.Second)); again {
				t.Fatal("they are put off while they are")
			}
		}
		if got := e.Until.Sub(now); got != want*time.Second || e.Times != i+1 || e.Refused < 30 {
			t.Fatalf("the offence %+v is put off for %v, want %v seconds", e, got, want)
		}
		now = e.Until
	}
	if _, putOff := o.Refused(Key{What: "list"}, now); putOff {
		t.Error("another is put off with them")
	}
	_, now = hammer(t, o, someone, now.Add(longestPutOff))
	if all := o.PutOff(now); len(all) != 1 || all[0].Times != 1 {
		t.Errorf("it does not begin anew after a time without refusals: %+v", all)
	}
}

// Who is refused no more than once a second, or a few times at once, is never
// put off: most clients that try again are like that.
func TestFewRefusalsAreNoOffence(t *testing.T) {
	o, now := NewOffenders(), time.Now()
	for i := range 1000 {
		if e, putOff := o.Refused(someone, now.Add(time.Duration(i)*time.Second)); putOff {
			t.Fatalf("put off after %d seconds: %+v", i, e)
		}
	}
	for i := range 1000 { // all under way when the first is refused
		if e, putOff := o.Refused(Key{What: "x"}, now.Add(time.Duration(i)*4*time.Millisecond)); putOff {
			t.Fatalf("put off for the %dth refusal: %+v", i+1, e)
		}
	}
}

func TestOffendersAreListedAndForgotten(t *testing.T) {
	o, now := NewOffenders(), time.Now()
	other := Key{"view", someone.Who}
	long, _ := hammer(t, o, someone, now)
	long, _ = hammer(t, o, someone, long.Until)
	short, _ := hammer(t, o, other, now)
	o.Refused(Key{What: "x"}, now)
	if all := o.PutOff(now); len(all) != 2 || all[0].Key != someone || all[1].Key != other {
		t.Fatalf("those who are put off are %+v", all)
	}
	if all := o.PutOff(short.Until); len(all) != 1 || all[0].Key != someone {
		t.Errorf("it does not end by itself: %+v", all)
	}
	keys := o.Forget(someone.Who, now)
	if len(keys) != 2 || len(o.PutOff(now)) != 0 {
		t.Errorf("of %v, %v are put off", keys, o.PutOff(now))
	}
	if e, _ := hammer(t, o, someone, now); e.Times != 1 {
		t.Errorf("what was forgotten counts: %+v", e)
	}
}

func TestOffendersAreBounded(t *testing.T) {
	o, now := NewOffenders(), time.Now()
	for i := range maxOffences + 1000 {
		o.Refused(Key{What: fmt.Sprint(i)}, now)
	}
	if len(o.byKey) != maxOffences {
		t.Errorf("%d are kept", len(o.byKey))
	}
}

func TestInFlight(t *testing.T) {
	f, random := NewInFlight(), rand.New(rand.NewPCG(1, 1))
	callers := []Caller{{Record: "a"}, {Record: "b"}, {Collection: "b"}, someone.Who}
	under := map[Caller]int{}
	for range 10_000 {
		who := callers[random.IntN(len(callers))]
		if random.IntN(2) == 0 && under[who] > 0 {
			n := 1 + random.IntN(under[who])
			f.Leave(who, n)
			under[who] -= n
			continue
		}
		n := 1 + random.IntN(3)
		ok := f.Enter(who, n, 5)
		if ok != (under[who]+n <= 5) {
			t.Fatalf("%d more for %v with %d under way: %v", n, who, under[who], ok)
		}
		if ok {
			under[who] += n
		}
	}
	for who, n := range under {
		f.Leave(who, n)
	}
	for i := range f.shards {
		if n := len(f.shards[i].n); n != 0 {
			t.Errorf("%d are kept that have nothing under way", n)
		}
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				if f.Enter(someone.Who, 1, 4) {
					f.Leave(someone.Who, 1)
				}
			}
		})
	}
	wg.Wait()
	if !f.Enter(someone.Who, 1, 1) {
		t.Error("some are still under way")
	}
}
