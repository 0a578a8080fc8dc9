package httpapi

import (
	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/gateway"
)

func write(ctx *fasthttp.RequestCtx, answer *gateway.Response) {
	ctx.SetStatusCode(answer.Status)
	for name, values := range answer.Header {
		for i, value := range values {
			if i == 0 {
				ctx.Response.Header.Set(name, value)
			} else {
				ctx.Response.Header.Add(name, value)
			}
		}
	}
	if answer.Stream != nil {
		ctx.Response.SetBodyStream(answer.Stream, int(answer.Length))
		return
	}
	ctx.SetBody(answer.Body)
}

// retryAfter is when to come back after a 503, in seconds (RFC 9110, section
// 10.2.3): a database that is away is looked after at least four times a minute.
const retryAfter = "5"

func writeError(ctx *fasthttp.RequestCtx, e *apierr.Error) {
	ctx.SetStatusCode(e.Status)
	if e.Status == fasthttp.StatusServiceUnavailable {
		ctx.Response.Header.Set("Retry-After", retryAfter)
	}
	ctx.SetContentType("application/json")
	ctx.SetBody(e.JSON())
}
