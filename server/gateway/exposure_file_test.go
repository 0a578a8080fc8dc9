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
		s := secret{name: fmt.Sprint(place), one: "hush", two: "loud, and longer"}
		path := db.Schema().Find("letters").BaseFilesPath() + "/" + place.id + "/" + place.name
		s.plant = func(w *world, value string) {
			w.Helper()
			if err := files.Upload([]byte(value), path); err != nil {
				w.Fatal(err)
			}
		}
		s.isReadable = func(w *world) string { return content(w.T, w.stored("letters", place.id), place.name) }
		for _, id := range []string{place.id, own, "missing"} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				for _, q := range []string{"", "thumb=100x100", "download=1"} {
					s.ways = append(s.ways, way{ask{op: view, id: id, query: q, form: place.name}, filed(method)})
				}
				for _, header := range []map[string]string{{"Range": "bytes=0-1"}, {"If-None-Match": "*"}, {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}} {
					s.ways = append(s.ways, way{ask{op: view, id: id, header: header, form: place.name}, filed(method)})
				}
			}
		}
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
