package httpapi

import (
	"context"
	"net/http"

	"github.com/fasthttp/router"
	"github.com/valyala/fasthttp"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/cache"
	"github.com/hapta/hapta/server/gateway"
	"github.com/hapta/hapta/server/pages"
)

// call serves one route.
type call func(ctx context.Context, r *request) (*gateway.Response, error)

// routes lists every path that exists. What stands nowhere here is 404, but for
// the app's own routes and, if they are exposed, the superusers'.
func (s *Server) routes() fasthttp.RequestHandler {
	g := s.gateway
	r := router.New()
	r.RedirectTrailingSlash, r.RedirectFixedPath = false, false
	r.HandleMethodNotAllowed, r.HandleOPTIONS = false, false
	r.NotFound = s.bounded(s.handle(s.orSuperuser(s.unlisted)))
	// vital is answered whatever else is at work.
	vital := func(method, path string, c call) { r.Handle(method, path, s.handle(s.orSuperuser(c))) }
	add := func(method, path string, c call) { r.Handle(method, path, s.bounded(s.handle(s.orSuperuser(c)))) }
	get := func(path string, c call) { // HEAD as well, as in PocketBase; the body is then left out
		add("GET", path, c)
		add("HEAD", path, c)
	}

	// records
	const records, record = "/api/collections/{collection}/records", "/api/collections/{collection}/records/{id}"
	about := func(method, path string, o abi.Operation) {
		r.Handle(method, path, s.bounded(s.handle(s.aboutRecords(s.orSuperuser(s.records(o))))))
	}
	about("GET", records, abi.OperationList)
	about("HEAD", records, abi.OperationList)
	about("POST", records, abi.OperationCreate)
	about("GET", record, abi.OperationView)
	about("HEAD", record, abi.OperationView)
	about("PATCH", record, abi.OperationUpdate)
	about("DELETE", record, abi.OperationDelete)
	add("POST", "/api/batch", func(ctx context.Context, r *request) (*gateway.Response, error) {
		return g.Batch(ctx, r.passage(), s.exposed)
	})

	// signing in
	for _, way := range []string{"auth-with-password", "auth-with-otp", "auth-with-oauth2"} {
		add("POST", "/api/collections/{collection}/"+way, func(ctx context.Context, r *request) (*gateway.Response, error) {
			return g.SignIn(ctx, r.passage(), r.param("collection"), way)
		})
	}
	add("POST", "/api/collections/{collection}/auth-refresh", func(ctx context.Context, r *request) (*gateway.Response, error) {
		return g.Refresh(ctx, r.passage(), r.param("collection"))
	})
	for _, method := range []string{"GET", "HEAD", "POST"} { // the same for superusers: nobody signs in to it
		r.Handle(method, "/api/oauth2-redirect", s.bounded(s.handle(func(ctx context.Context, r *request) (*gateway.Response, error) {
			return g.OAuth2Redirect(ctx, r.passage(), method)
		})))
	}

	// the caller's own sessions
	const sessions = "/api/hapta/sessions"
	get(sessions, func(ctx context.Context, r *request) (*gateway.Response, error) { return g.Sessions(ctx, r.passage()) })
	for path, others := range map[string]bool{"": false, "/others": true} {
		vital("DELETE", sessions+path, func(ctx context.Context, r *request) (*gateway.Response, error) {
			return g.EndSessions(ctx, r.passage(), others)
		})
	}
	vital("DELETE", sessions+"/{id}", func(ctx context.Context, r *request) (*gateway.Response, error) {
		return g.EndSession(ctx, r.passage(), r.param("id"))
	})

	// accounts
	get("/api/collections/{collection}/auth-methods", s.account("GET", "auth-methods"))
	for _, action := range []string{"request-otp", "request-password-reset", "request-verification", "request-email-change"} {
		add("POST", "/api/collections/{collection}/"+action, s.account("POST", action))
	}
	for _, action := range []string{"confirm-password-reset", "confirm-verification", "confirm-email-change"} {
		add("POST", "/api/collections/{collection}/"+action, func(ctx context.Context, r *request) (*gateway.Response, error) {
			return g.Confirm(ctx, r.passage(), r.param("collection"), action)
		})
	}

	// files, streamed: they live as long as their reader, not as their handler
	for _, method := range []string{"GET", "HEAD"} {
		add(method, "/api/files/{collection}/{record}/{name}", func(_ context.Context, r *request) (*gateway.Response, error) {
			return g.File(s.base, r.passage(), method, r.param("collection"), r.param("record"), r.param("name"))
		})
	}
	add("POST", "/api/files/token", func(_ context.Context, r *request) (*gateway.Response, error) {
		return g.FileToken(s.base, r.passage())
	})

	// realtime
	r.Handle("GET", "/api/realtime", s.bounded(s.handle(func(_ context.Context, r *request) (*gateway.Response, error) {
		if !s.roomForStream() {
			return nil, apierr.New(apierr.Overloaded)
		}
		return g.Realtime(s.base, r.passage()) // lives as long as its reader
	}))) // the same for superusers: who one is counts when one subscribes
	add("POST", "/api/realtime", func(ctx context.Context, r *request) (*gateway.Response, error) {
		return g.Subscribe(ctx, r.passage())
	})

	if !s.exposed { // or PocketBase's own dashboard is there
		for _, name := range pages.Names() {
			get(pages.Root+name, page(name))
		}
	}

	// health: PocketBase's and Hapta's own
	for _, method := range []string{"GET", "HEAD"} {
		vital(method, "/api/health", func(_ context.Context, r *request) (*gateway.Response, error) {
			return g.Health(s.base, r.passage())
		})
		for path, readiness := range map[string]bool{"": true, "/live": false, "/ready": true} {
			vital(method, "/api/hapta/health"+path, s.health(readiness))
		}
	}
	if s.admin != nil {
		admin := func(method, path string, c call) { vital(method, "/api/hapta/admin"+path, s.admin.only(c)) }
		vital("GET", "/metrics", s.admin.only(s.admin.metrics))
		vital("HEAD", "/metrics", s.admin.only(s.admin.metrics))
		admin("GET", "/policies", s.admin.list)
		admin("DELETE", "/policies/{collection}", s.admin.remove)
		admin("GET", "/sessions", s.sessionsOf)
		admin("DELETE", "/sessions", s.endSessionsOf)
		admin("DELETE", "/sessions/{id}", s.endSession)
		admin("GET", "/limits", s.putOff)
		admin("DELETE", "/limits", s.lift)
		admin("GET", "/cache", s.cacheState)
		admin("DELETE", "/cache", s.purgeCache)
	}
	return r.Handler
}

// aboutRecords is for what is answered about records, to superusers too, whose reads
// pass the cache.
func (s *Server) aboutRecords(route call) call {
	return func(ctx context.Context, r *request) (*gateway.Response, error) {
		r.records = true
		answer, err := route(ctx, r)
		if err == nil && answer.Cache == cache.None && (r.IsGet() || r.IsHead()) {
			answer.Cache = cache.Bypass
		}
		return answer, err
	}
}

func (s *Server) records(o abi.Operation) call {
	return func(ctx context.Context, r *request) (*gateway.Response, error) {
		r.passage()
		r.passed.Operation, r.passed.Collection, r.passed.RecordID = o, r.param("collection"), r.param("id")
		return s.gateway.Serve(ctx, &r.passed)
	}
}

// account passes on what concerns a user's account. Its answers are streamed,
// so it lives as long as its reader.
func (s *Server) account(method, action string) call {
	return func(_ context.Context, r *request) (*gateway.Response, error) {
		return s.gateway.ForwardAuth(s.base, r.passage(), method, r.param("collection"), action)
	}
}

func page(name string) call {
	return func(context.Context, *request) (*gateway.Response, error) {
		header, body := pages.Read(name)
		return &gateway.Response{Status: http.StatusOK, Header: header, Body: body}, nil
	}
}
