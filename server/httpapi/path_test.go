package httpapi

import "testing"

func TestPathsThatReadersReadDifferently(t *testing.T) {
	f := newFace(t, nil)
	for _, path := range []string{
		"//api/hapta/health", "/api/hapta/health//", "/api/./hapta/health", "/x/../api/hapta/health", "/api%2fhapta/health",
		"/api/collections/notes%2frecords", "/api/collections/_superusers%2f..%2fnotes/records", "/api/hapta/health;x", "/api/hapta/health%00",
	} {
		f.ask("GET", path, "").is(400, "bad_path")
	}
	f.ask("GET", "/api/hapta/health/", "").is(404, "")
	f.ask("GET", "/api/hapta/health?x=../..//;", "").is(200, "") // the path is plain
	f.ask("GET", "/api/hapta/health?x=../..//", "").is(200, "")
	f.ask("GET", "http://hapta/api/hapta/health", "").is(200, "")
	f.ask("GET", "/api/collections/n%6ftes/records", "").is(200, "")
}
