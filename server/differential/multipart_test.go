package differential

import (
	"fmt"
	"strings"
)

const (
	boundary = "----differential"
	formType = "Content-Type: multipart/form-data; boundary=" + boundary
	urlType  = "Content-Type: application/x-www-form-urlencoded"
)

// part is one of a form's: a text, or a file with its name.
type part struct{ name, file, text string }

func form(parts ...part) string {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q", boundary, p.name)
		if p.file != "" {
			fmt.Fprintf(&b, "; filename=%q\r\nContent-Type: application/octet-stream", p.file)
		}
		fmt.Fprintf(&b, "\r\n\r\n%s\r\n", p.text)
	}
	return b.String() + "--" + boundary + "--\r\n"
}

func multiparts() (out []request) {
	title, file := part{name: "title", text: "formed"}, part{name: "files", file: "two words.txt", text: "hello"}
	for what, parts := range sorted(map[string][]part{
		"nothing": {}, "a title": {title}, "a file": {title, file}, "two files": {title, file, {name: "files", file: "bbb.txt", text: "two"}},
		"an empty file":     {title, {name: "files", file: "ccc.txt"}},
		"a file and a name": {title, file, {name: "files", text: "unknown.txt"}}, "a file appended": {title, {name: "files+", file: "ddd.txt", text: "x"}},
		"a file prepended":  {title, {name: "+files", file: "ddd.txt", text: "x"}},
		"a file for a text": {{name: "title", file: "eee.txt", text: "x"}}, "a file for nothing": {title, {name: "nothing", file: "fff.txt", text: "x"}},
		"a file removed": {title, {name: "files-", text: "x"}},
		"a title twice":  {title, {name: "title", text: "again"}}, "a title twice in two cases": {title, {name: "TITLE", text: "again"}},
		"a number": {{name: "title", text: "1"}}, "a boolean": {{name: "title", text: "true"}},
		"a payload": {{name: "@jsonPayload", text: `{"title":"inner"}`}}, "a payload and a title": {title, {name: "@jsonPayload", text: `{"title":"inner"}`}},
		"a payload and a file": {{name: "@jsonPayload", text: `{"title":"inner"}`}, file},
		"two payloads":         {{name: "@jsonPayload", text: `{"title":"inner"}`}, {name: "@jsonPayload", text: `{"title":"second"}`}},
		"a broken payload":     {title, {name: "@jsonPayload", text: `{"title"`}}, "a payload that is a list": {title, {name: "@jsonPayload", text: `[1]`}},
		"bad UTF-8": {{name: "title", text: "a\xffb"}}, "no name": {{text: "x"}, title},
		"an odd file name":      {title, {name: "files", file: "../../äaa ?*bbb.tar.gz", text: "x"}},
		"a long file name":      {title, {name: "files", file: strings.Repeat("n", 300) + ".txt", text: "x"}},
		"no extension":          {title, {name: "files", file: "noextension", text: "plain"}},
		"an image by its bytes": {title, {name: "files", file: "image", text: "\x89PNG\r\n\x1a\n"}},
		"a page":                {title, {name: "files", file: "page.html", text: "<html><script>"}},
		"an id":                 {title, {name: "id", text: "formed000000001"}}, "a short id": {title, {name: "id", text: "x"}},
		"a key in brackets": {title, {name: "files[]", file: "ggg.txt", text: "x"}}, "a big text": {{name: "title", text: strings.Repeat("t", 100_000)}},
	}) {
		out = append(out, each([]caller{guest, client}, request{name: "create by " + what, path: demo3, header: []string{formType}, body: form(parts...)})...)
		out = append(out, request{name: "update by " + what, as: client, method: "PATCH", path: demo3 + "/7nwo8tuiatetxdm", header: []string{formType}, body: form(parts...)})
	}
	out = append(out, urlEncoded()...)
	return append(out, uploads()...)
}

func urlEncoded() (out []request) {
	for i, body := range []string{
		"title=plain", "title=a+b%20c", "title=1", "title=x&title=y", "title=%ff", "title=%zz", "a;b", "=", "title", "%40jsonPayload=%7B%22title%22%3A%22inner%22%7D",
		"title=ok&files=missing.txt", "title=ok&unknown=1", "TITLE=upper",
	} {
		out = append(out, request{name: fmt.Sprintf("create by form %d %s", i, body), as: client, path: demo3, header: []string{urlType}, body: body})
	}
	return out
}

// uploads are files as they come and go.
func uploads() []request {
	const (
		record = demo3 + "/uploaded0000001"
		at     = "/api/files/demo3/uploaded0000001/"

		drawing = "<svg xmlns='http://www.w3.org/2000/svg'/>"
	)
	hello := part{name: "files", file: "hello.txt", text: "hello"}
	broken := strings.TrimSuffix(form(hello), "--\r\n")
	return []request{
		{name: "uploaded", as: client, path: demo3, header: []string{formType}, body: form(part{name: "id", text: "uploaded0000001"}, part{name: "title", text: "u"}, hello)},
		{name: "one more", as: client, method: "PATCH", path: record, header: []string{formType}, body: form(part{name: "files+", file: "more.txt", text: "more"})},
		{name: "both", as: client, path: record},
		{name: "one instead", as: client, method: "PATCH", path: record, header: []string{formType}, body: form(hello)},
		{name: "none", as: client, method: "PATCH", path: record, body: `{"files":[]}`},
		{name: "a file that is gone", path: at + "missing.txt"},
		{name: "cut off", as: client, path: demo3, header: []string{formType}, body: broken},
		{name: "another boundary", as: client, path: demo3, header: []string{"Content-Type: multipart/form-data; boundary=other"}, body: form(hello)},
		{name: "a type that is not taken", as: user, method: "PATCH", path: users + "/" + userID, header: []string{formType}, body: form(part{name: "avatar", file: "aaa.txt", text: "no image"})},
		{name: "two for one", as: user, method: "PATCH", path: users + "/" + userID, header: []string{formType},
			body: form(part{name: "avatar", file: "aaa.svg", text: drawing}, part{name: "avatar", file: "bbb.svg", text: drawing})},
		{name: "too large", as: user, method: "PATCH", path: users + "/" + userID, header: []string{formType}, body: form(part{name: "file", file: "big.bin", text: strings.Repeat("x", 5<<20+1)})},
		{name: "in the end", as: client, path: demo3 + "?perPage=500"},
	}
}
