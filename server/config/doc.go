// Package config turns hapta.toml, .env and the environment into one immutable
// Config, and reports everything that is wrong with them at once, each problem
// with its file, line, key and what was expected. One list of keys (keys.go)
// drives the defaults, the committed hapta.toml and the names of the
// environment variables that override it. It is a leaf: it imports no other
// package of Hapta.
package config
