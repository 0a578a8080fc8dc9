package httpapi

import (
	"slices"

	"github.com/valyala/fasthttp"
)

// cors answers browsers that ask from other origins, as PocketBase does
// (apis/middlewares_cors.go).
type cors struct {
	origins []string
	any     bool
}

func newCORS(origins []string) cors {
	return cors{origins: origins, any: slices.Contains(origins, "*")}
}

// answered sets the headers, and answers OPTIONS itself, whatever the path.
func (c cors) answered(ctx *fasthttp.RequestCtx) bool {
	preflight := ctx.IsOptions()
	if allowed := c.allowed(string(peek(&ctx.Request.Header, "Origin"))); allowed != "" {
		h := &ctx.Response.Header
		h.Set("Access-Control-Allow-Origin", allowed)
		if preflight {
			permit(ctx)
		} else {
			h.Set("Access-Control-Expose-Headers", "X-Request-Id,RateLimit,RateLimit-Policy,Retry-After,ETag,X-Hapta-Cache")
		}
	}
	if preflight {
		ctx.SetStatusCode(fasthttp.StatusNoContent)
	}
	return preflight
}

// allowed is what an origin is told to be allowed as; empty when it is not.
func (c cors) allowed(origin string) string {
	switch {
	case origin == "":
		return ""
	case c.any:
		return "*"
	case slices.Contains(c.origins, origin):
		return origin
	}
	return ""
}

// permit tells a preflight what the request behind it may be.
func permit(ctx *fasthttp.RequestCtx) {
	h := &ctx.Response.Header
	h.Add("Vary", "Access-Control-Request-Method")
	h.Add("Vary", "Access-Control-Request-Headers")
	h.Set("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
	if asked := ctx.Request.Header.Peek("Access-Control-Request-Headers"); len(asked) > 0 {
		h.SetBytesV("Access-Control-Allow-Headers", asked)
	}
}

// varyByOrigin is the Vary of every answer: it is good for the origin that asked.
const varyByOrigin = "Origin"
