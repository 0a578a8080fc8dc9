// Package cache keeps answers of the database for others who may be given the same.
// It knows when one is outdated by versions: whoever reads from the database notes
// what the answer depends on, and whoever changes something touches that.
//
// Who may share an answer is decided by its key, which is its caller's to make.
package cache
