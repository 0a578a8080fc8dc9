package config

import (
	"slices"
	"strings"
)

// nearest is the name that a mistyped one was most likely meant to be, or "".
func nearest(typed string, names []string) string {
	best, least := "", 3
	if len(typed) < 5 {
		least = 2 // of a short word little is left after two changes
	}
	for _, name := range names {
		if d := distance(strings.ToLower(typed), strings.ToLower(name)); d <= least && (best == "" || d < least) {
			best, least = name, d
		}
	}
	return best
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour (optimal string alignment) on the way from a to b.
func distance(a, b string) int {
	before, last := []int{}, make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// Meant is the remedy for an unknown name: the nearest one, or all of them if
// there are any.
func Meant(typed string, names []string) string {
	if name := nearest(typed, names); name != "" {
		return "did you mean " + name + "?"
	}
	if len(names) == 0 {
		return "there are none"
	}
	names = slices.Clone(names)
	slices.Sort(names)
	return "known are " + strings.Join(names, ", ")
}
