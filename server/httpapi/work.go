package httpapi

import (
	"time"

	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/server/apierr"
)

// bounded refuses a request while as many are at work as may be, before anything
// is done for it. One is at work until its answer is there: what is streamed from
// then on only waits for its reader. Nor is it while its body is awaited.
func (s *Server) bounded(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		most := s.admission.Load().Requests
		if at := s.working.Add(1); most > 0 && at > int64(most) {
			s.working.Add(-1)
			s.refuseWork(ctx, most)
			return
		}
		r := requestOf(ctx)
		r.work = &s.working
		s.work(ctx, next)
		s.holdBack(r)
	}
}

func (s *Server) work(ctx *fasthttp.RequestCtx, next fasthttp.RequestHandler) {
	defer s.working.Add(-1)
	next(ctx)
}

func (s *Server) refuseWork(ctx *fasthttp.RequestCtx, most int) {
	s.counts.RequestsShed.Inc()
	if s.overloaded.Opens(time.Minute) {
		s.log.Warn("requests are refused: as many are at work as [admission] max_requests allows", "requests", most)
	}
	writeError(ctx, apierr.New(apierr.Overloaded))
	if hasBody(ctx) {
		hangUp(ctx)
	}
}

func hasBody(ctx *fasthttp.RequestCtx) bool {
	return ctx.RequestBodyStream() != nil && ctx.Request.Header.ContentLength() != 0
}
