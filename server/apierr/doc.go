// Package apierr holds every error that a client can see: one table of codes,
// and the JSON shape that PocketBase gives its own errors. It imports nothing
// of the server, so that every layer may speak in it.
package apierr
