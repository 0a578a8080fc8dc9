package httpapi

import (
	"time"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/apierr"
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
	setHeader(h, "Ratelimit-Policy", policy)
	h.SetCanonical(bytesOf("Ratelimit"), f.AppendStanding(room[:0]))
}

// heldBack is how long a refusal by a limit waits until it leaves. Who asks as soon as
// they are answered would take all there is of the processors otherwise. A connection
// carries one request at a time, so those bound how many are held back.
var heldBack = map[apierr.Code]time.Duration{
	apierr.TooManyRequests: time.Second / 4, apierr.UsesSpent: time.Second / 4, apierr.PutOff: time.Second,
}

// holdBack waits before a refusal leaves, while it is no longer at work.
func (s *Server) holdBack(r *request) {
	if r.heldBack == 0 {
		return
	}
	wait := time.NewTimer(r.heldBack)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-s.base.Done():
	}
}
