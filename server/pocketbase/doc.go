// Package pocketbase is the database behind Hapta: a whole PocketBase embedded
// in this process, or one that runs elsewhere, behind one type. It sends
// requests, keeps a superuser signed in, and holds the schema as PocketBase's
// own collections, so that values are coerced by PocketBase's own code. It
// knows nothing of policies, sessions or Hapta's wire formats, and imports no
// other package of the server.
package pocketbase
