package httpapi

import (
	"net/url"
	"slices"
	"strings"
)

// pocketbases and haptas are paths that are PocketBase's or Hapta's own, with
// all that lies below them. Each has its routes, or none on purpose.
var (
	pocketbases = [][]string{
		{"api", "collections"}, {"api", "batch"}, {"api", "realtime"}, {"api", "files"},
		{"api", "oauth2-redirect"}, {"api", "health"},
		{"api", "settings"}, {"api", "logs"}, {"api", "backups"}, {"api", "crons"}, {"api", "sql"}, {"_"},
	}
	haptas = [][]string{{"api", "hapta"}, {"metrics"}, {"_hapta"}}
)

// Reserved tells whether a path is never passed through. Letters count in any
// case: what stands behind PocketBase's name may fold them.
func Reserved(path string) bool {
	all := segments(path)
	return beginsAny(all, pocketbases, strings.EqualFold) || beginsAny(all, haptas, strings.EqualFold)
}

// isPocketBases tells whether a path is PocketBase's own, as it writes it.
func isPocketBases(path string) bool { return beginsAny(segments(path), pocketbases, exactly) }

func exactly(a, b string) bool { return a == b }

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

func beginsAny(all []string, prefixes [][]string, same func(a, b string) bool) bool {
	return slices.ContainsFunc(prefixes, func(prefix []string) bool { return begins(all, prefix, same) })
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
