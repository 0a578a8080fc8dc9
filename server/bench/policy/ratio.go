package main

import (
	"fmt"
	"slices"
)

// ratio is how many times as long one row takes as another, in the same rounds.
type ratio struct{ low, median, high float64 }

func ratioOf(r, to *row) ratio {
	values := make([]float64, len(r.times))
	for i := range values {
		values[i] = r.times[i] / to.times[i]
	}
	slices.Sort(values)
	return ratio{values[0], middle(values), values[len(values)-1]}
}

func (r ratio) String() string { return fmt.Sprintf("%5.2f  (%.2f-%.2f)", r.median, r.low, r.high) }

// unsteady tells that the rounds differ too much to decide anything.
func (r ratio) unsteady() bool { return r.high > 1.5*r.low }

// time is the median of a call, in microseconds.
func (r *row) time() float64 { return middle(slices.Sorted(slices.Values(r.times))) / 1000 }

// middle is the median of what is sorted.
func middle(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
