package plain

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// Header tells whether a request's header means the same to every reader.
// fasthttp refuses what is malformed, and reads on where RFC 9112 lets it be
// lenient. A proxy in front may have read something else there, so that is
// refused here: a line that ends in a bare LF (section 2.2), another version
// (2.3), a blank in a name (5.1), a folded line (5.2), and a body whose end is
// told twice, or by another coding than chunked (6.1).
func Header(h *fasthttp.RequestHeader) bool {
	if version := string(h.Protocol()); version != "HTTP/1.1" && version != "HTTP/1.0" {
		return false
	}
	length, coding := false, false
	for line := range bytes.Lines(h.RawHeaders()) {
		line, ok := bytes.CutSuffix(line, []byte("\r\n"))
		name, value, _ := bytes.Cut(line, []byte(":"))
		if !ok || bytes.IndexByte(name, ' ') >= 0 || bytes.IndexByte(name, '\t') >= 0 {
			return false
		}
		switch { // by length first, for that is quick
		case len(name) == len("Content-Length") && bytes.EqualFold(name, []byte("Content-Length")):
			length = true
		case len(name) == len("Transfer-Encoding") && bytes.EqualFold(name, []byte("Transfer-Encoding")):
			coding = true
			ok = bytes.EqualFold(bytes.Trim(value, " \t"), []byte("chunked"))
		case len(name) == len("Host") && bytes.EqualFold(name, []byte("Host")):
			ok = !bytes.ContainsAny(bytes.Trim(value, " \t"), " \t,/\\?#@") // section 3.2
		}
		if !ok || length && coding {
			return false
		}
	}
	return true
}
