// Package author is what a policy's author works with: cases that hold a policy
// to what it is to decide, a trace of one decision, what deciding costs, and
// what a module says of itself. Policies run here as they do in the server, and
// no database is needed.
package author
