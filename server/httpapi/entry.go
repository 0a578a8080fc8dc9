package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/apierr"
)

// entry is what every request passes first: an id, CORS, and a path that all
// readers read the same way.
func (s *Server) entry(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		id := newRequestID()
		ctx.SetUserValue(requestIDKey{}, id)
		ctx.Response.Header.Set("X-Request-Id", id)
		defer varyByOrigin(&ctx.Response.Header)
		if s.cors.answered(ctx) {
			return
		}
		if !plainPath(string(ctx.Request.URI().PathOriginal())) {
			writeError(ctx, apierr.New(apierr.BadPath))
			return
		}
		next(ctx)
	}
}

// handle runs a call and writes its answer.
func (s *Server) handle(c call) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		r := &request{RequestCtx: ctx}
		r.id, _ = ctx.UserValue(requestIDKey{}).(string)
		// What cannot be read of a query is not there, as in PocketBase, which is
		// sent what was read.
		r.query, _ = url.ParseQuery(string(ctx.URI().QueryString()))
		if stream := ctx.RequestBodyStream(); stream != nil && ctx.Request.Header.ContentLength() != 0 {
			r.body = &detachable{r: stream}
			defer r.body.detach()
		}
		defer func() { noteUnread(ctx, r.body) }()
		deadline, cancel := context.WithTimeout(s.base, s.timeout)
		defer cancel()
		answer, err := c(deadline, r)
		if err != nil {
			s.fail(r, err)
			return
		}
		write(ctx, answer)
	}
}

// fail answers an error. Its cause is for the log alone.
func (s *Server) fail(r *request, err error) {
	e := apierr.From(err)
	if e.Status >= fasthttp.StatusInternalServerError {
		s.log.Error("request failed", "request", r.id, "method", string(r.Method()), "path", string(r.Path()), "code", e.Code, "cause", e.Cause)
	}
	writeError(r.RequestCtx, e)
}

// malformed answers what fasthttp could not read as a request.
func (s *Server) malformed(ctx *fasthttp.RequestCtx, err error) {
	ctx.Response.Header.Set("X-Request-Id", newRequestID())
	var small *fasthttp.ErrSmallBuffer
	if errors.As(err, &small) {
		writeError(ctx, &apierr.Error{Status: fasthttp.StatusRequestHeaderFieldsTooLarge, Message: "The request's headers are too large."})
		return
	}
	writeError(ctx, apierr.Caused(apierr.BadBody, err))
}

type requestIDKey struct{}

func newRequestID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails; see crypto/rand
	return hex.EncodeToString(b[:])
}

// plainPath tells whether a raw path means the same to every reader: no empty
// or dotted segments, but for an end in a slash, which no route has; and none
// whose decoded form has a separator.
func plainPath(raw string) bool {
	if raw == "" || raw[0] != '/' || strings.ContainsAny(raw, `\;`) {
		return false
	}
	if raw == "/" {
		return true
	}
	for _, segment := range strings.Split(strings.TrimSuffix(raw[1:], "/"), "/") {
		decoded, err := url.PathUnescape(segment)
		if err != nil || decoded == "" || decoded == "." || decoded == ".." {
			return false
		}
		for _, r := range decoded {
			if r == '/' || r == '\\' || r == '%' || r == '?' || r == '#' || r == ';' || r < 0x20 || r == 0x7f {
				return false
			}
		}
	}
	return true
}
