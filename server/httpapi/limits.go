package httpapi

import (
	"time"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/gateway"
)

// tellLimit says how a request stands with the strictest limit that it met
// (draft-ietf-httpapi-ratelimit-headers).
func tellLimit(h *fasthttp.ResponseHeader, f *gateway.Flight) {
	policy := f.Limit()
	if policy == "" {
		return
	}
	var room [64]byte
	h.Set("RateLimit-Policy", policy)
	h.SetBytesV("RateLimit", f.AppendStanding(room[:0]))
}

// heldBack is how long a caller who is put off waits for each answer. Who asks as
// soon as they are answered would take all there is of the processors otherwise. A
// connection carries one request at a time, so those bound how many are held back.
const heldBack = time.Second

type putOff struct{}

// holdBack waits before the answer to a caller who is put off leaves.
func (s *Server) holdBack(ctx *fasthttp.RequestCtx) {
	if ctx.UserValue(putOff{}) == nil {
		return
	}
	wait := time.NewTimer(heldBack)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-s.base.Done():
	}
}
