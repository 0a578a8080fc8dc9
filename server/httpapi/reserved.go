package httpapi

import (
	"net/url"
	"strings"
)

// reserved are the paths that are PocketBase's or Hapta's, with all that lies
// below them. Each has its routes, or none on purpose; none is the app's own.
var reserved = [][]string{
	{"api", "collections"}, {"api", "batch"}, {"api", "realtime"}, {"api", "files"},
	{"api", "oauth2-redirect"}, {"api", "health"},
	{"api", "settings"}, {"api", "logs"}, {"api", "backups"}, {"api", "crons"}, {"api", "sql"}, {"_"},
	{"api", "hapta"}, {"metrics"}, {"_hapta"},
}

// Reserved tells whether a path is never passed through. Letters count in any
// case: what stands behind PocketBase's name may fold them.
func Reserved(path string) bool {
	all := segments(path)
	for _, r := range reserved {
		if begins(all, r, strings.EqualFold) {
			return true
		}
	}
	return false
}

// segments are those of a plain path, decoded.
func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	all := strings.Split(path, "/")
	for i, raw := range all {
		if decoded, err := url.PathUnescape(raw); err == nil { // entry has refused others
			all[i] = decoded
		}
	}
	return all
}

func begins(all, prefix []string, same func(a, b string) bool) bool {
	if len(all) < len(prefix) {
		return false
	}
	for i, p := range prefix {
		if !same(all[i], p) {
			return false
		}
	}
	return true
}
