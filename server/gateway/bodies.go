package gateway

import "cmp"

// Bodies bounds the bodies of requests, in bytes. 0 is the bound of a PocketBase
// that says nothing else, or 1 GiB for what is passed on.
type Bodies struct {
	Record int64 // beside the files that a collection takes
	Batch  int64
	Passed int64 // to routes of the app's own, and from superusers
	Memory int64 // for all that are read at once
}

// maxMemoryThere is how much of a body PocketBase keeps in memory (DefaultMaxMemory in
// net/http, for forms; its bound on the others).
const maxMemoryThere = 32 << 20

// maxBody is how long the body may be, in bytes.
func (op *operation) maxBody() int64 {
	return op.snapshot.Settings.Bodies.Record + maxUpload(op.collection)
}

func (b Bodies) orStandard() Bodies {
	return Bodies{cmp.Or(b.Record, 32<<20), cmp.Or(b.Batch, 128<<20), cmp.Or(b.Passed, 1<<30), cmp.Or(b.Memory, 128<<20)}
}
