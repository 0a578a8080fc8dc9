package watch

import "github.com/hapta/hapta/server/policy"

// Default is the name of the policy for collections that have none of their
// own, and stands for all of those in a Ledger.
const Default = "_default"

// Set is what the folder held at one moment. It is immutable and may be used
// by any number of goroutines.
//
// A policy of a set that has been replaced may be retired at any time, so
// whoever calls one takes a reference first:
//
//	entry, ok := folder.Set().Entries["posts"]
//	for ok && entry.Err == nil && !entry.Policy.Acquire() {
//		entry, ok = folder.Set().Entries["posts"]
//	}
//
// When Acquire says no, a newer set has been published already.
type Set struct {
	Entries map[string]Entry // by the file's name in lower case, without .wasm
}

// Entry is one file of the folder. Exactly one of its fields is set.
type Entry struct {
	Policy *policy.Policy // the newest version that loaded
	Err    error          // no version has loaded: the collection is refused
}
