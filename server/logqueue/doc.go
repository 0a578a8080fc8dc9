// Package logqueue keeps a log from holding up requests: lines go into a queue
// that one goroutine writes, and when that is full they are counted instead. It
// imports nothing of the server.
package logqueue
