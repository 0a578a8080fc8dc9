// Package clientip tells where a request came from when proxies stand in
// between. It believes nobody but the proxies that it is told to trust, and
// imports nothing of the server.
package clientip
