// Package session knows who is signed in: it keeps sessions, in memory for
// reading and in a file for restarts, and mints and verifies the tokens that
// clients hold in place of PocketBase's own. It asks no database and speaks no
// HTTP: it must not import the gateway, the transports, nor the upstream
// database.
package session
