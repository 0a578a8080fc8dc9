package gateway

import (
	"net/http"
	"testing"

	"github.com/hapta/hapta/server/pocketbase"
)

// What PocketBase would not say, or not in so few words, is not kept for others.
func TestOnlyWholeAnswersAreKept(t *testing.T) {
	const list, missing = `{"items":[{"id":"a"}],"page":1}`, `{"message":"x","status":404}`
	f := func(status int, kind, body string, isList, want bool) {
		t.Helper()
		answer := &pocketbase.Response{Status: status, Header: http.Header{"Content-Type": {kind}}, Body: []byte(body)}
		if isPlausible(answer, isList) != want {
			t.Errorf("%d %s %s: is plausible is not %t", status, kind, body, want)
		}
	}
	f(200, "application/json", list, true, true)
	f(200, "application/json; charset=utf-8", `{"title":"a"}`, false, true)
	f(404, "application/json", missing, false, true)
	f(404, "application/json", missing, true, true)
	for end := range len(list) {
		f(200, "application/json", list[:end], true, false)
		f(200, "application/json", list[:end], false, false)
	}
	for end := range len(missing) {
		f(404, "application/json", missing[:end], false, false)
	}
	f(200, "application/json", `{"id":"a"}`, true, false)
	f(200, "application/json", `{}`, false, false)
	f(200, "application/json", `[]`, false, false)
	f(200, "text/html", list, true, false)
	f(404, "application/json", `{"error":"x"}`, false, false)
}
