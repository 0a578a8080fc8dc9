package sharing

import "slices"

// Reach is who may be given an answer that a caller got.
type Reach uint8

// From the least to the most; what was never set shares nothing.
const (
	Nobody   Reach = iota // it may be another one for each request
	Identity              // callers who are the same record, on which it depends too, and all guests among each other
	Everyone
)

func (r Reach) String() string { return [...]string{"nobody", "identity", "everyone"}[r] }

// Sharing is who may share an answer, and what it depends on.
type Sharing struct {
	Reach Reach
	// Collections has the ids of those of which any row may count, sorted. For the one
	// record that a view shows, its collection is none of them. A view collection comes
	// with all that its query reads. The slice is shared.
	Collections []string
	// Views tells whether a view collection took part, of which no change is told.
	Views bool
	// Managed tells whether accounts are shown, and more of them to whom a manage rule
	// lets through.
	Managed bool
}

// With is the sharing of what is made of both.
func (s Sharing) With(other Sharing) Sharing {
	return Sharing{
		Reach:       min(s.Reach, other.Reach),
		Collections: union(s.Collections, other.Collections),
		Views:       s.Views || other.Views,
		Managed:     s.Managed || other.Managed,
	}
}

func union(a, b []string) []string {
	switch {
	case len(b) == 0:
		return a
	case len(a) == 0:
		return b
	}
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}
