// Package differential holds tests alone: the same requests go to a PocketBase
// and to a Hapta in front of an identical one, embedded and remote, with no
// policies, and the answers have to be equal but for generated ids, times and
// tokens.
//
// Requests are data, in a file by theme. What differs on purpose stands in
// differences_test.go, with the answer and a reason; a difference that is not
// listed fails, and so does a listed one that is gone.
package differential
