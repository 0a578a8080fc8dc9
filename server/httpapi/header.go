package httpapi

import (
	"unsafe"

	"github.com/valyala/fasthttp"
)

// setHeader sets one whose name is in its canonical form, which fasthttp then need not
// make. It copies what it is given.
func setHeader(h *fasthttp.ResponseHeader, name, value string) {
	h.SetCanonical(bytesOf(name), bytesOf(value))
}

// peek is the first header of a request's by that name, which is in its canonical form.
func peek(h *fasthttp.RequestHeader, name string) []byte { return h.PeekCanonical(bytesOf(name)) }

// bytesOf is a text without a copy, to be read only.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
