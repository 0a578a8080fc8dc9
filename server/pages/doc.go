// Package pages is what PocketBase's mails link to: a small page at /_/ on which
// a user confirms a new password, an address or a change of it, and which ends
// the window of a sign-in with another service. It is plain files; it imports
// nothing of the server.
package pages
