package httpapi

import "testing"

func TestPlainPath(t *testing.T) {
	f := func(path string, want bool) {
		t.Helper()
		if plainPath(path) != want {
			t.Errorf("plainPath(%q) is not %t", path, want)
		}
	}
	for _, path := range []string{
		"/", "/api", "/_/", "/api/collections/notes/records/abc", "/api/files/c/r/a%20b.txt", "/api/files/c/r/a+b,c@d:e!.txt",
		"/api/files/c/r/%C3%A4.txt", "/api/files/c/r/...", "/api/files/c/r/.a", "/n%6ftes", "/a%2Bb",
	} {
		f(path, true)
	}
	for _, path := range []string{
		"", "api", "*", "//", "/api//", "/api//x", "//api", "/./", "/api/./x", "/api/../x", "/..", "/.", "/api/%2e/x", "/api/%2E%2e/x", "/api/.%2e",
		"/api/a%2fb", "/api/a%2Fb", "/api/a%5cb", `/api/a\b`, "/api/a;b", "/api/a%3bb", "/api/a%25b", "/api/a%3fb", "/api/a%23b",
		"/api/a%00b", "/api/a%0ab", "/api/a%7fb", "/api/%", "/api/%zz", "/api/%2", "http://x/api",
	} {
		f(path, false)
	}
}

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
