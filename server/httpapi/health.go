package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hapta/hapta/server/gateway"
)

// health answers that the process lives, and, when asked, whether it serves.
func (s *Server) health(readiness bool) call {
	return func(context.Context, *request) (*gateway.Response, error) {
		if !readiness {
			return jsonAnswer(http.StatusOK, `{"live":true}`), nil
		}
		ready, status := s.gateway.Ready() && s.base.Err() == nil && !s.draining.Load(), http.StatusOK
		if !ready {
			status = http.StatusServiceUnavailable
		}
		return jsonAnswer(status, fmt.Sprintf(`{"live":true,"ready":%t}`, ready)), nil
	}
}

func jsonAnswer(status int, body string) *gateway.Response {
	return &gateway.Response{
		Status: status,
		Header: http.Header{"Content-Type": {"application/json"}, "Cache-Control": {"no-store"}},
		Body:   []byte(body),
	}
}
