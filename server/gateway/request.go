package gateway

import (
	"io"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/cache"
)

// Passage is what every request brings, whatever it asks for.
type Passage struct {
	ID     string         // request id, also in the log
	Token  string         // the caller's Hapta token, empty for none
	Client netip.AddrPort // where the request came from
	Shared bool           // Client is a trusted proxy that did not say for whom it asks
	Exempt bool           // meets no limits but those on guessing
	Flight *Flight
	Header func() http.Header // as sent; stages strip what must not go on
	Query  url.Values         // never nil

	Body          io.Reader // nil: none. Valid until the Response is taken
	ContentLength int64     // bytes, -1: not known
}

// Request is an operation on records, independent of what transported it.
type Request struct {
	Passage
	Operation  abi.Operation
	Collection string // as the client names it: name in any case, or id
	RecordID   string // empty for list and create
	Superusers bool   // their collection is one like any other, and PocketBase's rules decide
}

// Response is an answer. Either Body is whole, or Stream is open and belongs
// to whoever takes the Response.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	Cache  cache.Outcome // how its records were read

	Stream io.ReadCloser
	Length int64 // bytes of Stream, -1: not known
	// GiveUp ends a Stream that has no end of its own, when its reader has gone; nil
	// for others. It may be called at any time.
	GiveUp func()
}

func jsonResponse(status int, body []byte) *Response {
	return &Response{
		Status: status,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   body,
	}
}
