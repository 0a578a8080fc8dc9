// Package gateway is what Hapta does with a request: it learns who asks,
// finds out who decides, judges, asks the database, judges the answer and
// hands it back. pipeline.go is the way of a record operation from top to
// bottom; every other file is one stage of it, or one of the routes that do
// not carry records.
//
// It knows nothing of HTTP servers or sockets: a transport turns its wire
// format into a Request and a Response back into bytes.
package gateway
