package pocketbase

import (
	"io"
	"net/http"
	"net/netip"

	"github.com/pocketbase/pocketbase/core"
)

// MaxResponse bounds what Fetch keeps of one answer, in bytes.
const MaxResponse = 64 << 20

// Request is one call of PocketBase's web API.
type Request struct {
	Method   string
	Path     string // escaped, from the root of PocketBase's API: /api/health
	RawQuery string
	// Header is read, never kept or changed. Authorization and the headers
	// that carry a client's address are set anew from the fields below.
	Header        http.Header
	Body          io.Reader // read until the answer has ended, or fails; nil for none
	ContentLength int64     // of Body in bytes; -1 when it is not known
	Token         string    // sent as Authorization; empty for none
	// ClientAddr is whom PocketBase takes the request to come from. Requests
	// with the superuser's token come from Hapta itself whatever it says.
	ClientAddr netip.AddrPort
	// OnSignUp is asked about the record of a sign-up by OAuth2 before it is
	// stored, and may change it. A remote PocketBase cannot ask; nil for nobody.
	OnSignUp func(*core.Record) error
}

// Response is a whole answer.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}
