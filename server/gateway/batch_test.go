package gateway

import (
	"net/http"
	"strings"
	"testing"
)

func (w *world) batch(q ask) answer {
	w.Helper()
	return w.read(w.Batch(w.Context(), w.passage(q)))
}

func TestBatchTouchesNothingThatAPolicyDecides(t *testing.T) {
	w := newWorld(t)
	notes := db.Schema().Find("notes")
	w.use(map[string]string{"notes": "script"}, byRules())
	open := `{"method":"POST","url":"/api/collections/plain/records","body":{"title":"x"}}`
	f := func(status int, code, detail, member string) {
		t.Helper()
		before := w.count("plain") + w.count("notes")
		a := w.batch(ask{body: `{"requests":[` + open + `,` + member + `]}`}).is(status, code)
		if !strings.Contains(a.detail, detail) {
			t.Errorf("%s: %s", member, a.detail)
		}
		if wrote := w.count("plain")+w.count("notes") != before; wrote != (status == 200) {
			t.Errorf("%s: answered %d, and something was written: %t", member, status, wrote)
		}
	}
	f(200, "", "", open)
	f(200, "", "", `{"method":"PUT","url":"/api/collections/PLAIN/records","body":{"title":"x"},"headers":{"X-Rules":"no","X-Hapta-Caller":"evil"}}`)
	for _, url := range []string{
		"/api/collections/notes/records", "/api/collections/NOTES/records", "/api/collections/" + notes.ID() + "/records",
		"/api/collections/n%6ftes/records", "/api/collections/notes/records/abc", "/api/collections/notes/records?fields=id",
	} {
		f(403, "batch_not_judged", "Request 1", `{"method":"POST","url":"`+url+`"}`)
	}
	f(404, "", "", `{"method":"POST","url":"/api/collections/_superusers/records"}`)
	for _, url := range []string{
		"/api/collections/plain", "/api/settings", "/api/collections/plain/records/a/b", "//api/collections/plain/records",
		"http://x/api/collections/plain/records", "//x/api/collections/plain/records", "/api/collections/plain/records/a%2fb",
		"/api/collections/plain/../notes/records", "/api/batch", "", "/api/collections/users/auth-with-password", "/%zz",
	} {
		f(400, "bad_body", "Request 1", `{"method":"POST","url":"`+url+`"}`)
	}
	f(400, "bad_body", "URL", `{"method":"POST","URL":"/api/collections/plain/records"}`)
	f(400, "bad_body", "url", `{"method":"POST","url":1}`)
	f(400, "bad_body", "more", `{"method":"POST","url":"/api/collections/plain/records","more":1}`)
	f(400, "bad_body", "no object", `7`)
	f(200, "", "", `{"method":"POST","url":"/api/collections/plain/records","url":"/api/collections/plain/records","body":{"title":"y"}}`)
}

func TestBatchIsReadStrictly(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	f := func(status int, code string, q ask) {
		t.Helper()
		w.batch(q).is(status, code)
		if w.count("notes") != 0 {
			t.Error("a note was written")
		}
	}
	const one = `[{"method":"POST","url":"/api/collections/plain/records","body":{"title":"x"}}]`
	const evil = `[{"method":"POST","url":"/api/collections/notes/records","body":{"title":"x"}}]`
	f(200, "", ask{body: `{"requests":` + one + `}`})
	f(400, "duplicate_field", ask{body: `{"requests":` + one + `,"requests":` + evil + `}`})
	f(400, "duplicate_field", ask{body: `{"requests":` + one + `,"Requests":` + evil + `}`})
	f(400, "bad_body", ask{body: `{"Requests":` + evil + `}`})
	f(400, "bad_body", ask{body: `{"requests":` + one + `,"more":1}`})
	f(400, "bad_body", ask{body: `{"requests":{}}`})
	f(400, "bad_body", ask{})
	f(400, "field_in_query", ask{body: `{"requests":` + one + `}`, query: query("@jsonPayload", `{"requests":`+evil+`}`)})

	form := func(status int, code string, pairs ...string) {
		t.Helper()
		body, kind := multipartOf(pairs...)
		f(status, code, ask{body: body, form: kind})
	}
	form(200, "", "@jsonPayload", `{"requests":`+one+`}`)
	form(400, "duplicate_field", "@jsonPayload", `{"requests":`+one+`}`, "@jsonPayload", `{"requests":`+evil+`}`)
	form(400, "upload_not_judged", "@jsonPayload", `{"requests":`+one+`}`, "docs|a.txt", "x")
	form(400, "bad_body", "@jsonPayload", `{"requests":`+one+`}`, "requests.0.url", "/api/collections/notes/records")
}

// Uploads of a batch reach the record they belong to.
func TestBatchWithUploads(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"plain": "script"}, byRules())
	body, kind := multipartOf("@jsonPayload", `{"requests":[{"method":"POST","url":"/api/collections/notes/records","body":{"title":"x"}}]}`,
		"requests.0.docs|upload.txt", "content")
	w.batch(ask{body: body, form: kind}).is(http.StatusOK, "")
	notes, err := app.FindAllRecords("notes")
	if err != nil || len(notes) != 1 || len(notes[0].GetStringSlice("docs")) != 1 {
		t.Fatalf("stored %v, %v", notes, err)
	}
	if c := content(t, notes[0], notes[0].GetStringSlice("docs")[0]); c != "content" {
		t.Errorf("the upload holds %q", c)
	}
}

// What a batch does to users ends their sessions as elsewhere.
func TestBatchIsNotedBySessions(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	user, token := w.user("a@example.com", nil)
	w.batch(ask{token: token, body: map[string]any{"requests": []any{
		map[string]any{"method": "DELETE", "url": "/api/collections/users/records/" + user.Id},
	}}}).is(http.StatusOK, "")
	if w.sessions.Len() != 0 || w.stored("users", user.Id) != nil {
		t.Errorf("%d sessions are left", w.sessions.Len())
	}
}
