// Package ratelimit counts what callers do and tells who has to wait. It knows
// nothing of requests, and must not import anything of Hapta's.
package ratelimit
