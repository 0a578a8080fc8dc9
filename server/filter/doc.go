// Package filter holds PocketBase filters as trees: what a client sent, parsed
// and written anew, and what a policy adds to it.
//
// Text is never searched with patterns and never pasted together: a filter
// leaves this package only as a rendering of its tree. It imports no other
// package of the server.
package filter
