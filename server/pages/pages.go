package pages

import (
	"embed"
	"net/http"
)

//go:embed index.html links.js page.css page.js
var files embed.FS

// Root is where the page is served. PocketBase writes it into its mails.
const Root = "/_/"

// types are the files by the name that follows Root, and what they are.
var types = map[string]string{
	"":         "text/html; charset=utf-8",
	"links.js": "text/javascript; charset=utf-8",
	"page.css": "text/css; charset=utf-8",
	"page.js":  "text/javascript; charset=utf-8",
}

// Names are what follows Root in the path of each file.
func Names() []string {
	var names []string
	for name := range types {
		names = append(names, name)
	}
	return names
}

// Read is a file and its headers. It panics for what is none of Names.
func Read(name string) (http.Header, []byte) {
	path := name
	if path == "" {
		path = "index.html"
	}
	body, err := files.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return http.Header{
		"Content-Type":           {types[name]},
		"Cache-Control":          {"no-store"},
		"Referrer-Policy":        {"no-referrer"},
		"X-Content-Type-Options": {"nosniff"},
		"X-Frame-Options":        {"DENY"},
		// The address holds a token, so nothing is loaded from elsewhere and nothing
		// is sent elsewhere.
		"Content-Security-Policy": {"default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
	}, body
}
