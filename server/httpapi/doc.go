// Package httpapi is Hapta's HTTP face: it turns requests of PocketBase's web
// API into gateway requests and answers back into bytes, and serves Hapta's
// own surface under /api/hapta/. routes.go lists every path there is.
//
// It decides nothing about records; that is the gateway's.
package httpapi
