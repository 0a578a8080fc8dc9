package pocketbase

import (
	"context"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

type superuserKey struct{}

// recognize spares PocketBase reading the superuser and proving its token for each
// request. Only who runs PocketBase's handler in this process can put a record into a
// request's context.
func (s *localSuperuser) recognize(ev *core.ServeEvent) {
	ev.Router.Bind(&hook.Handler[*core.RequestEvent]{
		Id:       "haptaSuperuser",
		Priority: apis.DefaultLoadAuthTokenMiddlewarePriority - 1,
		Func: func(request *core.RequestEvent) error {
			if record, ok := request.Request.Context().Value(superuserKey{}).(*core.Record); ok {
				request.Auth = record
			}
			return request.Next()
		},
	})
}

// withSuperuser lets recognize find whose token it is.
func (s *localSuperuser) withSuperuser(ctx context.Context, token string) context.Context {
	if record := s.behind(token); record != nil {
		return context.WithValue(ctx, superuserKey{}, record)
	}
	return ctx
}

// behind is a copy of the record whose newest token it is, nil for any other token.
func (s *localSuperuser) behind(token string) *core.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token == "" || token != s.token {
		return nil
	}
	return s.record.Original()
}
