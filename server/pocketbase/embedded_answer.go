package pocketbase

import (
	"net/http"
	"time"
)

// answer is what recorder and streamer share: the header of a response, fixed
// by the first of WriteHeader, Write and Flush, as with net/http.
type answer struct {
	header http.Header // the handler's
	method string
	status int         // 0 until fixed
	sent   http.Header // the header as it was when it was fixed
}

func (a *answer) Header() http.Header { return a.header }

// begin fixes status and header; later calls, and informational ones, do
// nothing. Like net/http it names the type of a body that comes without one.
func (a *answer) begin(status int, body []byte) {
	if a.status != 0 || status < http.StatusOK {
		return
	}
	a.status = status
	a.sent = a.header.Clone()
	if len(body) > 0 && a.sent.Get("Content-Type") == "" && a.sent.Get("Content-Encoding") == "" {
		a.sent.Set("Content-Type", http.DetectContentType(body))
	}
}

// hasBody tells whether the answer carries a body at all.
// See RFC 9110, section 6.4.1.
func (a *answer) hasBody() bool {
	return a.method != http.MethodHead && a.status != http.StatusNoContent && a.status != http.StatusNotModified
}

// SetWriteDeadline and SetReadDeadline are asked for by PocketBase's realtime
// handler. There is no connection here that a deadline could guard; the
// request's context bounds it instead.
func (a *answer) SetWriteDeadline(time.Time) error { return nil }
func (a *answer) SetReadDeadline(time.Time) error  { return nil }
