package httpapi

import (
	"errors"
	"os"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/httpapi/plain"
)

// malformed answers what fasthttp could not read as a request.
func malformed(ctx *fasthttp.RequestCtx, err error) {
	if c, ok := ctx.Conn().(*conn); ok && c.part == beginning {
		c.drop() // nothing was asked
		return
	}
	e := apierr.New(apierr.BadRequest)
	var small *fasthttp.ErrSmallBuffer
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		e = apierr.New(apierr.RequestTooSlow)
	case errors.As(err, &small):
		e = &apierr.Error{Status: fasthttp.StatusRequestHeaderFieldsTooLarge, Message: "The request's headers are too large."}
	}
	refuseUnread(ctx, e)
}

// expect asks for the body of a client that waits with it.
func expect(ctx *fasthttp.RequestCtx) int {
	if plain.Header(&ctx.Request.Header) {
		return fasthttp.StatusContinue
	}
	refuseUnread(ctx, apierr.New(apierr.BadRequest))
	return fasthttp.StatusBadRequest
}

// refuseUnread answers a request whose end is not known, and hangs up.
func refuseUnread(ctx *fasthttp.RequestCtx, e *apierr.Error) {
	ctx.Response.Header.Set("X-Request-Id", newRequestID())
	writeError(ctx, e)
	hangUp(ctx)
}
