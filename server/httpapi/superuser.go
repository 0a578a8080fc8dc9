package httpapi

import (
	"context"
	"slices"

	"github.com/hapta/hapta/server/gateway"
)

// orSuperuser lets superusers past a route of PocketBase's, as they are. Others
// find the route itself, or PocketBase's own answer where it is the superusers'
// alone: then they go on as whoever they are for Hapta.
func (s *Server) orSuperuser(route call) call {
	if !s.exposed {
		return route
	}
	return func(ctx context.Context, r *request) (*gateway.Response, error) {
		path, method := r.path, string(r.Method())
		if !passable(method) || !isPocketBases(path) && (Reserved(path) || !s.own.has(path)) {
			return route(ctx, r)
		}
		// Streamed both ways, so it lives as long as its reader.
		answer, err := s.gateway.AsSuperuser(s.base, r.passage(), method, path)
		if answer != nil || err != nil {
			return answer, err
		}
		if s.isSuperusers(path) {
			return s.gateway.Forward(s.base, r.passage(), method, path)
		}
		return route(ctx, r)
	}
}

// isSuperusers tells whether PocketBase keeps a path to superusers, or whether
// it is about them.
func (s *Server) isSuperusers(path string) bool {
	all := segments(path)
	switch {
	case !isPocketBases(path):
		return false
	case all[0] == "_":
		return true
	}
	switch all[1] {
	case "settings", "logs", "backups", "crons", "sql":
		return true
	case "files":
		return len(all) > 2 && s.gateway.NamesSuperusers(all[2])
	case "collections":
		return isCollections(all[2:]) || s.gateway.NamesSuperusers(all[2])
	}
	return false
}

// meta are the routes below /api/collections/meta. A collection may have that
// name too, and its routes are not the superusers'.
var meta = []string{"scaffolds", "oauth2-providers", "dry-run-view"}

// isCollections tells whether a path below /api/collections is about
// collections themselves, or acts as one of their records.
func isCollections(below []string) bool {
	switch len(below) {
	case 0, 1:
		return true
	case 2:
		return below[1] == "truncate" || below[0] == "meta" && slices.Contains(meta, below[1])
	case 3:
		return below[1] == "impersonate"
	}
	return false
}
