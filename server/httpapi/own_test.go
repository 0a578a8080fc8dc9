package httpapi

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ownRoutesIn gives the tests' PocketBase routes and pages of an app's own.
func ownRoutesIn(dir string) error {
	for name, text := range map[string]string{
		"pb_hooks/own.pb.js": `
			for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "REPORT", "TRACE"]) {
				for (const path of ["/api/own/{name}", "/api/ownother", "/api/own"]) {
					routerAdd(method, path, (e) => e.string(200, e.request.method + " " + toString(e.request.body)));
				}
			}`,
		"pb_public/index.html": "<p>home</p>", "pb_public/app/a b.txt": "a file",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func passing(prefixes ...string) func(*Options) {
	return func(o *Options) { o.Passthrough = prefixes }
}

func TestOwnRoutes(t *testing.T) {
	f := newFace(t, passing("/api/own/", "/app"))
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "REPORT"} {
		body := ""
		if method != "GET" {
			body = `{"a":1}`
		}
		for _, path := range []string{"/api/own/x", "/api/own", "/%61pi/own/x?y=1"} {
			if a := f.ask(method, path, body).is(200, ""); a.body != method+" "+body {
				t.Errorf("%s %s: %s", method, path, a.body)
			}
		}
	}
	f.ask("HEAD", "/api/own/x", "").is(200, "")
	f.ask("TRACE", "/api/own/x", "").is(404, "")
	if a := f.ask("GET", "/app/a%20b.txt", "").is(200, ""); a.body != "a file" {
		t.Errorf("the file holds %q", a.body)
	}
	if a := f.ask("GET", "/app/a%20b.txt", "", "Range: bytes=2-").is(206, ""); a.body != "file" {
		t.Errorf("a part of the file holds %q", a.body)
	}
	for _, path := range []string{"/api/ownother", "/api/OWN/x", "/api/ow", "/application", "/", "/index.html"} {
		f.ask("GET", path, "").is(404, "")
	}
	f.ask("GET", "/api/own/../collections", "").is(400, "bad_path")
	f.ask("GET", "/api/own//x", "").is(400, "bad_path")
}

// However a name of PocketBase's or Hapta's is written, it is no app's.
func TestReservedIsNeverPassedThrough(t *testing.T) {
	f := newFace(t, passing("/", "/api/", "/api/collections/", "/_/"))
	if a := f.ask("GET", "/any/page", "").is(200, ""); a.body != "<p>home</p>" {
		t.Errorf("a page of the app's is %s", a.body)
	}
	unknown := newFace(t, nil).ask("GET", "/nothing", "").is(404, "").body
	for _, path := range []string{
		"/api/collections", "/api/collections/", "/api/collections/users", "/api/collections/users/impersonate/x", "/api/settings", "/api/logs/stats",
		"/api/backups/x.zip", "/api/crons", "/api/sql", "/api/hapta/x", "/api/batch/x", "/api/realtime/x", "/api/health/x", "/api/files/x", "/api/oauth2-redirect/x",
		"/_", "/_/x", "/metrics", "/metrics/x", "/_hapta", "/_hapta/x",
	} {
		for _, written := range []string{
			path, strings.ToUpper(path), path + "?token=x", strings.ReplaceAll(path, "s", "ſ"), strings.ReplaceAll(path, "k", "%e2%84%aa"),
			strings.ReplaceAll(path, "a", "%61"), strings.ReplaceAll(path, "_", "%5f"), strings.ReplaceAll(path, "i", "%49"),
		} {
			for _, method := range []string{"GET", "POST", "PUT", "DELETE", "REPORT"} {
				if a := f.ask(method, written, "").is(404, ""); a.body != unknown {
					t.Errorf("%s %s: %s", method, written, a.body)
				}
			}
		}
	}
}

func TestReserved(t *testing.T) {
	g := func(path string, want bool) {
		t.Helper()
		if Reserved(path) != want {
			t.Errorf("Reserved(%q) is not %t", path, want)
		}
	}
	for _, path := range []string{"/api/collections", "/api/FILES/", "/_", "/_/", "/metrics/", "/api/%68apta/x"} {
		g(path, true)
	}
	for _, path := range []string{"/", "/api", "/api/", "/api/collection", "/api/collectionsx", "/collections", "/x/_", "/__", "/api/own/metrics"} {
		g(path, false)
	}
}

// The log names the key once for a path, and for a thousand paths at most.
func TestUnlistedPathsAreToldOnce(t *testing.T) {
	var out bytes.Buffer
	f := newFace(t, func(o *Options) { o.Log = slog.New(slog.NewJSONHandler(&out, nil)) })
	for range 3 {
		f.ask("GET", "/api/mine", "").is(404, "")
		f.ask("GET", "/api/settings", "").is(404, "")
	}
	if text := out.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, `"path":"/api/mine"`) || !strings.Contains(text, "[upstream] passthrough") {
		t.Errorf("the log says %s", text)
	}
	var o ownRoutes
	news := 0
	for i := range 2 * maxTold {
		if o.isNews("/" + itoa(i)) {
			news++
		}
	}
	if news != maxTold || o.isNews("/"+strings.Repeat("x", 1<<20)) {
		t.Errorf("%d paths were logged", news)
	}
}
