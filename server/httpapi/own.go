package httpapi

import (
	"context"
	"slices"
	"sync"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/gateway"
)

// ownRoutes are the app's own: [upstream] passthrough.
type ownRoutes struct {
	prefixes []string

	mu   sync.Mutex
	told map[string]bool // paths that were logged as not passed on
}

// maxTold bounds how many paths that are not there a server ever logs, and how
// much of each, so that nobody fills the log by asking for more.
const (
	maxTold      = 1000
	maxToldBytes = 200
)

// unlisted serves what routes does not list: the app's own routes.
func (s *Server) unlisted(_ context.Context, r *request) (*gateway.Response, error) {
	path, method := r.path, string(r.Method())
	switch {
	case Reserved(path), !passable(method):
		return nil, apierr.NotFound()
	case !s.own.has(path):
		if s.own.isNews(path) {
			s.log.Info("nothing is here; if it is a route of the app's own, list a prefix of it in hapta.toml as [upstream] passthrough", "path", path)
		}
		return nil, apierr.NotFound()
	}
	return s.gateway.Passthrough(s.base, r.passage(), method, path) // lives as long as its reader
}

// passable is false for methods that end here: TRACE would show the client what
// Hapta sends, PocketBase's token included.
func passable(method string) bool { return method != "TRACE" && method != "CONNECT" }

// has tells whether a prefix covers a path, in whole segments.
func (o *ownRoutes) has(path string) bool {
	all := segments(path)
	return slices.ContainsFunc(o.prefixes, func(prefix string) bool {
		return begins(all, segments(prefix), exactly)
	})
}

func (o *ownRoutes) isNews(path string) bool {
	path = path[:min(len(path), maxToldBytes)]
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.told[path] || len(o.told) >= maxTold {
		return false
	}
	if o.told == nil {
		o.told = map[string]bool{}
	}
	o.told[path] = true
	return true
}
