package httpapi

import (
	"strings"
	"testing"

	"github.com/hapta/hapta/server/pages"
)

func TestPage(t *testing.T) {
	f := newFace(t, passing("/"))
	for _, name := range pages.Names() {
		header, body := pages.Read(name)
		a := f.ask("GET", pages.Root+name+"?x=1", "").is(200, "")
		if a.body != string(body) {
			t.Errorf("%q is %s", name, a.body)
		}
		for key := range header {
			if a.header.Get(key) != header.Get(key) {
				t.Errorf("%q has %s: %q", name, key, a.header.Get(key))
			}
		}
		if a := f.ask("HEAD", pages.Root+name, "").is(200, ""); a.body != "" || a.header.Get("Content-Type") != header.Get("Content-Type") {
			t.Errorf("HEAD of %q: %v", name, a.header)
		}
		f.ask("POST", pages.Root+name, "").is(404, "")
	}
	f.ask("GET", "/_/images/logo.svg", "").is(404, "")
	exposed := newFace(t, exposing)
	if a := exposed.ask("GET", "/_/", "").is(200, ""); strings.Contains(a.body, "page.js") {
		t.Errorf("the dashboard is hidden by %s", a.body)
	}
}
