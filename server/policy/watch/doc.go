// Package watch keeps the newest good version of every policy in a folder and
// publishes it in immutable sets, and remembers in a ledger which collections
// have had a policy, so that a file that is merely gone never opens what it
// closed. It knows file names and collection ids, nothing of requests or of
// the database: of the server's packages it imports only policy, and
// policy/wasm for the bound on a module's size.
package watch
