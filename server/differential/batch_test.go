package differential

import "fmt"

const created = `{"method":"POST","url":"/api/collections/demo2/records","body":{"title":"batched"}}`

func batch() (out []request) {
	for i, body := range []string{
		`{"requests":[` + created + `]}`, `{"requests":[` + created + `,` + created + `]}`, `{"requests":[]}`,
		`{"requests":[{"method":"PUT","url":"/api/collections/demo2/records","body":{"id":"llvuca81nly1qls","title":"upserted"}}]}`,
		`{"requests":[{"method":"PUT","url":"/api/collections/demo2/records?fields=title","body":{"title":"upserted"}}]}`,
		`{"requests":[{"method":"PATCH","url":"/api/collections/demo2/records/llvuca81nly1qls?expand=x","body":{"title":"patched"}}]}`,
		`{"requests":[{"method":"DELETE","url":"/api/collections/demo2/records/achvryl401bhse3"}]}`,
		`{"requests":[{"method":"GET","url":"/api/collections/demo2/records"}]}`,
		`{"requests":[{"method":"POST","url":"/api/collections/demo2/records","body":{}}]}`,
		`{"requests":[` + created + `,{"method":"DELETE","url":"/api/collections/demo2/records/missing"}]}`,
		`{"requests":[{"method":"POST","url":"/api/collections/demo3/records","body":{"title":"x"}}]}`,
		`{"requests":[{"method":"post","url":"/api/collections/demo2/records","body":{"title":"lower"}}]}`,
		`{"requests":[{"method":"POST","url":"/api/collections/DEMO2/records","body":{"title":"upper"}}]}`,
		`{"requests":[{"method":"POST","url":"/api/collections/demo2/records","body":{"title":"h"},"headers":{"X-A":"b"}}]}`,
	} {
		out = append(out, each([]caller{guest, client}, request{name: fmt.Sprintf("batch %d %.70s", i, body), path: "/api/batch", body: body})...)
	}
	payload := part{name: "@jsonPayload", text: `{"requests":[{"method":"POST","url":"/api/collections/demo3/records","body":{"title":"with a file"}}]}`}
	out = append(out,
		request{name: "batch with a file", as: client, path: "/api/batch", header: []string{formType}, body: form(payload, part{name: "requests.0.files", file: "aaa.txt", text: "a"})},
		request{name: "batch with a file in brackets", as: client, path: "/api/batch", header: []string{formType}, body: form(payload, part{name: "requests[0].files", file: "aaa.txt", text: "a"})},
		request{name: "all of demo2 after batches", path: demo2 + "?perPage=500&sort=@rowid"},
		request{name: "batch, strictly: a file for nothing", as: client, path: "/api/batch", header: []string{formType}, body: form(payload, part{name: "other", file: "aaa.txt", text: "a"})})
	return append(out, strictBatch()...)
}

// strictBatch is what Hapta reads more strictly than PocketBase.
func strictBatch() (out []request) {
	for i, body := range []string{
		`{}`, `{"requests":null}`, `{"requests":{}}`, `{"requests":[1]}`, `{"requests":[null]}`, `{"requests":[{}]}`, `{"requests":[` + created + `],"extra":1}`,
		`{"requests":[{"Method":"POST","URL":"/api/collections/demo2/records","body":{"title":"folded"}}]}`, `{"requests":[{"method":"POST","url":"/api/settings","body":{}}]}`,
		`{"requests":[{"method":"POST","url":"http://localhost/api/collections/demo2/records","body":{"title":"abs"}}]}`,
		`{"requests":[{"method":"POST","url":"/api/collections/demo2/records","body":[]}]}`,
		`{"requests":[{"method":"POST","url":"/api/collections/demo2/records","body":{"title":"u"},"unknown":1}]}`,
	} {
		out = append(out, each([]caller{guest, client}, request{name: fmt.Sprintf("batch, strictly: %d %.70s", i, body), path: "/api/batch", body: body})...)
	}
	for _, name := range []string{"missing", "_superusers"} {
		out = append(out, request{name: "batch: in " + name, path: "/api/batch", body: `{"requests":[{"method":"POST","url":"/api/collections/` + name + `/records","body":{}}]}`})
	}
	r := request{method: "POST", path: "/api/batch"}
	out = append(out, malformedBodies("batch, strictly:", r)...)
	return append(out, contentTypes("batch, strictly:", r)...)
}
