package httpapi

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/gateway"
)

// keepPrivate makes an answer about records its reader's own, who has to ask each
// time whether it still holds. What PocketBase, or a hook of the app's, lets caches
// do was said of the records and not of what this reader may see of them; only that
// nobody is to keep it stands.
func keepPrivate(h *fasthttp.ResponseHeader, said http.Header) {
	control := "private, no-cache"
	if slices.ContainsFunc(said["Cache-Control"], forbidsKeeping) {
		control = "no-store"
	}
	setHeader(h, "Cache-Control", control)
	setHeader(h, "Vary", varyByOrigin+", Authorization")
}

func forbidsKeeping(control string) bool {
	return strings.Contains(strings.ToLower(control), "no-store")
}

// isForCaches tells whether a header says to caches what is said here instead. Some of
// them have a header of their own, which they heed more (RFC 9213).
func isForCaches(name string) bool {
	return name == "Etag" || name == "Expires" || name == "Surrogate-Control" || strings.HasSuffix(name, "Cache-Control")
}

// unconditional takes the conditions of a read away from what PocketBase is asked, for
// they are about what leaves here.
func unconditional(h http.Header) {
	h.Del("If-None-Match")
	h.Del("If-Modified-Since")
}

// notModified gives the answer to a read its tag, and makes it one without a body when
// its reader has it already (RFC 9110, section 15.4.5).
func notModified(r *request, answer *gateway.Response) bool {
	if !r.IsGet() && !r.IsHead() || answer.Status != fasthttp.StatusOK {
		return false
	}
	var room [tagSize]byte
	tag := r.server.tags.append(room[:0], answer.Body)
	r.Response.Header.SetCanonical(bytesOf("Etag"), tag)
	if !isNamed(tag, r.Request.Header.PeekAll("If-None-Match")) {
		return false
	}
	r.SetStatusCode(fasthttp.StatusNotModified)
	r.Response.Header.Del("Content-Type") // it is of the body
	return true
}

// isNamed tells whether If-None-Match names a tag, be it as a weak one (RFC 9110,
// section 13.1.2). Tags hold no quotes and this one no comma, so where it stands in a
// list with its quotes, it is one of the list.
func isNamed(tag []byte, lines [][]byte) bool {
	return slices.ContainsFunc(lines, func(line []byte) bool {
		return bytes.Contains(line, tag) || string(bytes.TrimSpace(line)) == "*"
	})
}
