// Package demo fills an empty PocketBase with a small social app: users who
// follow each other, posts with pictures and drafts, and comments. Every run
// makes the same records with the same ids. It imports PocketBase alone.
package demo
