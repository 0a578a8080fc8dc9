// Package compile has modules compiled to native code in a child process, and
// keeps what came of it. A module of some kilobytes can keep a compiler busy for
// minutes and take gigabytes; the child has bounds of time and memory, and the
// server never compiles anything itself. The package knows modules only, not
// policies, and imports nothing of the server.
package compile
