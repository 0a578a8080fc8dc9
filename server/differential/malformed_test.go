package differential

import (
	"fmt"
	"strings"
)

// malformed sends what no proper client sends to every route that takes a body.
func malformed() (out []request) {
	targets := map[string]request{
		"create": {method: "POST", path: demo2}, "update": {method: "PATCH", path: demo2 + "/llvuca81nly1qls"},
		"sign in": {method: "POST", path: "/api/collections/users/auth-with-password"}, "subscribe": {method: "POST", path: "/api/realtime"},
		"list": {method: "GET", path: demo2},
	}
	for where, r := range sorted(targets) {
		out = append(out, malformedBodies(where, r)...)
		out = append(out, contentTypes(where, r)...)
	}
	return append(out, malformedQueries()...)
}

func malformedBodies(where string, r request) (out []request) {
	for what, body := range sorted(map[string]string{
		"half an object": `{"title":"x"`, "trailing text": `{"title":"xy"} and more`, "two objects": `{"title":"xy"}{"title":"zz"}`, "no quotes": `{title:"xy"}`,
		"trailing comma": `{"title":"xy",}`, "bad UTF-8": "{\"title\":\"x\xff\xfe\"}", "bad UTF-8 in a key": "{\"title\":\"xy\",\"a\xff\":1}", "half a surrogate": `{"title":"x\ud800"}`,
		"surrogates swapped": `{"title":"x\udc00\ud800"}`, "bad escape": `{"title":"\x"}`, "control character": "{\"title\":\"a\nb\"}", "byte order mark": "\ufeff{\"title\":\"xy\"}",
		"a key twice": `{"title":"one","title":"two"}`, "a key twice in two cases": `{"title":"one","Title":"two"}`, "a key twice by an escape": `{"title":"one","t\u0069tle":"two"}`,
		"deep": `{"title":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`, "too deep": `{"title":` + strings.Repeat("[", 10001) + strings.Repeat("]", 10001) + `}`,
		"blank": "  \r\n ", "an empty key": `{"":"x","title":"xy"}`, "a payload": `{"@jsonPayload":"{\"title\":\"inner\"}","title":"outer"}`, "NaN": `{"title":NaN}`, "only a brace": `{`,
	}) {
		r.name, r.body = where+" with "+what, body
		out = append(out, r)
	}
	return out
}

// contentTypes sends one body under types that fit it and that do not.
func contentTypes(where string, r request) (out []request) {
	for i, kind := range []string{
		"application/json; charset=utf-8", "application/json; charset=latin1", "APPLICATION/JSON", "application/jsonx", "application/json;;", "text/json", "text/plain",
		"application/xml",
		"text/xml", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
		"application/octet-stream", "", "nonsense", "a/b; c",
	} {
		r.name, r.header, r.body = fmt.Sprintf("%s as type %d %q", where, i, kind), []string{"Content-Type: " + kind}, `{"title":"typed"}`
		out = append(out, r)
	}
	r.name, r.header, r.body = where+" with an empty body", []string{"Content-Type: application/json"}, ""
	out = append(out, r)
	r.name, r.header, r.body = where+" chunked", []string{"Transfer-Encoding: chunked"}, "11\r\n{\"title\":\"chunk\"}\r\n0\r\n\r\n"
	return append(out, r)
}

func malformedQueries() (out []request) {
	for _, q := range []string{
		"%zz", "a=%zz&fields=id", "a;b", "a=1;b=2", "=", "&&&", "?", "fields", "fields=%00", "fields=%ff", "filter=%ff", "sort=%00", "filter=%27%00%27%3D%27x%27",
		"title=fromquery", "%40jsonPayload=%7B%22title%22%3A%22query%22%7D",
		"expand=%ff", "page=1%00", "perPage=1e3", "perPage=0x10", "perPage=+1", "perPage=%2B1", "skipTotal=maybe", "fields=" + strings.Repeat("a,", 500),
		"filter=" + strings.Repeat("(", 300), "a=b=c", "+=+",
		"filter=" + strings.Repeat("id!=''%26%26", 250) + "id!=''", "filter=id!='" + strings.Repeat("x", 3600) + "'", "sort=" + strings.Repeat("id,", 20) + "id", "token=x",
	} {
		short := fmt.Sprintf("%.60s", q)
		out = append(out,
			request{name: "list ?" + short, path: demo2 + "?" + q}, request{name: "view ?" + short, path: demo2 + "/llvuca81nly1qls?" + q},
			request{name: "create ?" + short, path: demo2 + "?" + q, body: `{"title":"queried"}`})
	}
	return append(out,
		request{name: "form with a field in the query", path: demo2 + "?title=fromquery", header: []string{urlType}, body: "active=true"},
		request{name: "form with a payload in the query", path: demo2 + "?%40jsonPayload=%7B%22title%22%3A%22query%22%7D", header: []string{urlType}, body: "active=true"},
		request{name: "form with a broken query", path: demo2 + "?%zz", header: []string{urlType}, body: "title=form"},
	)
}
