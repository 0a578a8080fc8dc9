// Package plain tells whether a request means the same to every reader on its
// way: to a proxy in front, to Hapta, and to PocketBase. It imports nothing of
// the server.
package plain
