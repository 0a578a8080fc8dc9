// Package policy runs policies: WebAssembly modules that decide what a caller
// may do to a record and see of it, by the ABI in abi/SPEC.md. A call does no
// input or output and leaves nothing behind for the next one. The package knows
// neither transport nor database, and imports nothing of the server but filter
// and what lies below itself.
package policy
