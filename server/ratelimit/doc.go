// Package ratelimit counts what callers do, tells who has to wait and for how
// long, and puts off who does not. It knows nothing of requests, and must not
// import anything of Hapta's.
package ratelimit
