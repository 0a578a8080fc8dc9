package httpapi

import (
	"fmt"
	"net/url"
	"runtime/debug"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/httpapi/plain"
)

// entry is what every request passes first: an id, a header and a path that all
// readers read the same way, and CORS.
func (s *Server) entry(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if !plain.Header(&ctx.Request.Header) {
			refuseUnread(ctx, apierr.New(apierr.BadRequest))
			return
		}
		r := s.newRequest(ctx)
		setHeader(&ctx.Response.Header, "X-Request-Id", r.id)
		setHeader(&ctx.Response.Header, "Vary", varyByOrigin)
		// fasthttp finds the end of chunks and trailers more leniently than RFC
		// 9112, section 7.1, so what follows them is not relied on.
		if ctx.Request.Header.ContentLength() == -1 {
			hangUp(ctx)
		}
		if s.cors.answered(ctx) {
			return
		}
		// The router goes by fasthttp's reading of the target, so that has to agree.
		if !plain.Path(r.path) || r.path != string(ctx.URI().PathOriginal()) {
			writeError(ctx, apierr.New(apierr.BadPath))
			return
		}
		next(ctx)
	}
}

// handle runs a call and writes its answer.
func (s *Server) handle(call call) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		r := requestOf(ctx)
		defer s.survive(r)
		// What cannot be read of a query is not there, as in PocketBase, which is
		// sent what was read.
		r.query, _ = url.ParseQuery(r.rawQuery)
		defer r.clock.end()
		if c, ok := ctx.Conn().(*conn); ok && !hasBody(ctx) {
			r.clock.watch = c.watch
		}
		if hasBody(ctx) {
			r.clock.started()
			r.body = &detachable{r: ctx.RequestBodyStream(), cut: func() bool { return wasCut(ctx.Conn()) }, clock: &r.clock, work: r.work}
			defer r.body.detach()
		}
		defer func() {
			if r.body != nil && !r.body.ended() {
				hangUp(ctx) // the rest of it is not wanted
			}
		}()
		answer, err := r.body.blamed(call(&r.clock, r))
		if err != nil && r.clock.isGivenUp() { // nobody is there to be answered
			r.flight.End()
			hangUp(ctx)
			return
		}
		tellLimit(&ctx.Response.Header, &r.flight)
		if err != nil {
			r.flight.End()
			s.fail(r, err)
			return
		}
		write(r, answer)
	}
}

// survive answers a request in which the server panicked: it is at fault there and must
// not end all others for it, as it would.
func (s *Server) survive(r *request) {
	if cause := recover(); cause != nil {
		r.flight.End()
		hangUp(r.RequestCtx)
		s.fail(r, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
	}
}

// fail answers an error. Its cause is for the log alone.
func (s *Server) fail(r *request, err error) {
	e := apierr.From(err)
	if e.Status >= fasthttp.StatusInternalServerError {
		log := s.log.With("request", r.id, "method", string(r.Method()), "path", string(r.Path()), "code", e.Code)
		if e.Cause != nil {
			log = log.With("cause", e.Cause)
		}
		log.Error("request failed")
	}
	r.heldBack = heldBack[e.Code]
	writeError(r.RequestCtx, e)
	if r.records {
		keepPrivate(&r.Response.Header, nil)
	}
}
