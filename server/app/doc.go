// Package app puts the parts together: it builds the server from its
// configuration, runs it, takes in changes while it runs, and drains it.
// Nothing but the commands imports it.
package app
