package gateway

import (
	"fmt"
	"net/http"
	"testing"
)

// What a protected file holds that its record, or its field, does not show.
func TestProtectedFilesAreNotTold(t *testing.T) {
	files, err := app.NewFilesystem()
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	var secrets []secret
	for _, place := range []struct{ id, name string }{{draft, "scan.txt"}, {shown, "kept.txt"}, {shown, "deep.txt"}} {
		s := secret{name: fmt.Sprint(place), one: "hush", two: "loud, and longer", guests: true}
		path := db.Schema().Find("letters").BaseFilesPath() + "/" + place.id + "/" + place.name
		s.plant = func(w *world, value string) {
			w.Helper()
			if err := files.Upload([]byte(value), path); err != nil {
				w.Fatal(err)
			}
		}
		s.isReadable = func(w *world) string { return content(w.T, w.stored("letters", place.id), place.name) }
		add := func(method, id, q string, header map[string]string) {
			s.ways = append(s.ways, way{ask{op: view, id: id, query: q, header: header, form: place.name}, filed(method)})
		}
		add(http.MethodHead, place.id, "", nil)
		for _, q := range []string{"", "thumb=100x100", "download=1"} {
			add(http.MethodGet, place.id, q, nil)
		}
		add(http.MethodGet, place.id, "", map[string]string{"Range": "bytes=0-1"})
		add(http.MethodGet, place.id, "", map[string]string{"If-None-Match": "*"})
		add(http.MethodGet, place.id, "", map[string]string{"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"})
		add(http.MethodGet, own, "", nil)
		add(http.MethodGet, "missing", "", nil)
		secrets = append(secrets, s)
	}
	tryAll(t, settings[:3], secrets)
}

// filed asks for a file of a letter, by the name that stands in q.form, with a
// file token of the caller's.
func filed(method string) func(w *world, p *Passage, q ask) answer {
	return func(w *world, p *Passage, q ask) answer {
		if q.token != "" {
			p.Query.Set("token", w.read(w.FileToken(w.Context(), w.passage(ask{token: q.token}))).text("token"))
		}
		return w.read(w.File(w.Context(), p, method, "letters", q.id, q.form))
	}
}
