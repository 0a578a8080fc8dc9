package gateway

import "cmp"

// Bodies bounds the bodies of requests, in bytes. 0 is the bound of a PocketBase
// that says nothing else, or 1 GiB for what is passed on.
type Bodies struct {
	Record int64 // beside the files that a collection takes
	Batch  int64
	Passed int64 // to routes of the app's own, and from superusers
}

func (b Bodies) orStandard() Bodies {
	return Bodies{cmp.Or(b.Record, 32<<20), cmp.Or(b.Batch, 128<<20), cmp.Or(b.Passed, 1<<30)}
}
