package httpapi

import (
	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/gateway"
)

func write(ctx *fasthttp.RequestCtx, answer *gateway.Response) {
	ctx.SetStatusCode(answer.Status)
	if answer.Header.Get("X-Content-Type-Options") == "" { // PocketBase's answers bring theirs
		secure(&ctx.Response.Header)
	}
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

func writeError(ctx *fasthttp.RequestCtx, e *apierr.Error) {
	ctx.SetStatusCode(e.Status)
	ctx.SetContentType("application/json")
	secure(&ctx.Response.Header)
	ctx.SetBody(e.JSON())
}

// secure gives an answer of Hapta's own the headers that PocketBase gives its
// own (securityHeaders in apis/middlewares.go).
func secure(h *fasthttp.ResponseHeader) {
	h.Set("X-XSS-Protection", "1; mode=block")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "SAMEORIGIN")
}
