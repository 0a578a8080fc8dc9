package main

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// sample is how requests fared in one measurement.
type sample struct {
	asked, failed int
	times         []time.Duration
}

func (s *sample) add(ok bool, took time.Duration) {
	s.asked++
	if !ok {
		s.failed++
	}
	s.times = append(s.times, took)
}

func (s sample) at(share float64) time.Duration {
	slices.Sort(s.times)
	return s.times[min(len(s.times)-1, int(share*float64(len(s.times))))]
}

// report holds the samples of all rounds: without abusers, in the first moments of
// them, and from then on.
type report struct {
	alone, begun, abused []sample
	refused              []refusals
}

func (r report) print() error {
	fmt.Printf("\n%d callers, %d of whom ask as fast as they are answered: how the others fare, %d requests a second of theirs\n", callers, abusers, rate)
	fmt.Printf("%-40s %10s %10s %12s\n", "medians", "p50", "p99", "failed")
	failed := 0
	row := func(name string, samples []sample) {
		bad, all := 0, 0
		for _, s := range samples {
			bad, all = bad+s.failed, all+s.asked
		}
		failed += bad
		fmt.Printf("%-40s %10s %10s %6d of %d\n", name, short(median(samples, 0.5)), short(median(samples, 0.99)), bad, all)
	}
	row("without the abusers", r.alone)
	row("as they begin", r.begun)
	row("while they go on", r.abused)
	var asked, refused int64
	for _, x := range r.refused {
		asked, refused = asked+x.asked, refused+x.refused
	}
	fmt.Printf("the abusers asked %d times and were refused %d times\n", asked, refused)
	fmt.Printf("p50 %.2f and p99 %.2f of what they are without the abusers, while these go on\n", ratio(r.abused, r.alone, 0.5), ratio(r.abused, r.alone, 0.99))
	if failed > 0 {
		return errors.New("requests of callers who abuse nothing failed")
	}
	return nil
}

func median(samples []sample, share float64) time.Duration {
	times := make([]time.Duration, len(samples))
	for i, s := range samples {
		times[i] = s.at(share)
	}
	slices.Sort(times)
	return times[len(times)/2]
}

func ratio(a, b []sample, share float64) float64 {
	return float64(median(a, share)) / float64(median(b, share))
}

func short(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }
