package plain

import "testing"

func TestPath(t *testing.T) {
	f := func(path string, want bool) {
		t.Helper()
		if Path(path) != want {
			t.Errorf("Path(%q) is not %t", path, want)
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

func TestTarget(t *testing.T) {
	f := func(raw, path, query string) {
		t.Helper()
		if p, q := Target(raw); p != path || q != query {
			t.Errorf("%q is %q and %q; want %q and %q", raw, p, q, path, query)
		}
	}
	f("/", "/", "")
	f("/a/b?c=d", "/a/b", "c=d")
	f("/a?b?c", "/a", "b?c")
	f("/a?http://h/b", "/a", "http://h/b")
	f("//h/a", "//h/a", "")
	f("http://h/a?b", "/a", "b")
	f("HTTPS://h:1/a", "/a", "")
	f("http://h//a", "//a", "")
	f("http://h?b", "", "b")
	for _, none := range []string{"", "*", "a", "h:80", "http://h", "http:///a", "http:/a", "ftp://h/a", "/a#b", "/a?b#c", "http://h#/a"} {
		f(none, "", "")
	}
}
