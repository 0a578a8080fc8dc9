package gateway

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// ownRoutesIn gives the tests' PocketBase routes of an app's own.
func ownRoutesIn(dir string) error {
	hooks := filepath.Join(dir, "pb_hooks")
	if err := os.MkdirAll(hooks, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(hooks, "own.pb.js"), []byte(ownRoutes), 0o600)
}

const ownRoutes = `
for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
	routerAdd(method, "/api/own/tell/{name}", (e) => e.json(200, {
		method: e.request.method, name: e.request.pathValue("name"), auth: e.auth ? e.auth.id : "",
		headers: e.requestInfo().headers, body: e.requestInfo().body, address: e.realIP(),
	}));
}
routerAdd("POST", "/api/own/login", (e) => {
	const user = e.app.findAuthRecordByEmail("users", e.requestInfo().body.email);
	return $apis.recordAuthResponse(e, user, "");
});
// Answers the form that it is asked for, with a real token in place of TOKEN.
routerAdd("POST", "/api/own/say", (e) => {
	const { email, form, type, status } = e.requestInfo().body;
	const user = e.app.findAuthRecordByEmail(email === "root@example.com" ? "_superusers" : "users", email);
	const text = form.replaceAll("TOKEN", user.newAuthToken()).replaceAll("FILE", user.newFileToken())
		.replaceAll("RECORD", JSON.stringify(user.publicExport()));
	return e.blob(status || 200, type || "application/json", text);
});
routerAdd("GET", "/api/own/events", (e) => {
	e.response.header().set("Content-Type", "text/event-stream");
	while (!e.request.context().err()) {
		e.response.write("data: x\n\n");
		e.flush();
		sleep(10);
	}
});
`

func (w *world) own(method, path string, q ask) answer {
	w.Helper()
	return w.read(w.Passthrough(w.Context(), w.passage(q), method, path))
}

func TestOwnRoutesMeetTheCaller(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"users": "people"}, byRules())
	user, token := w.user("a@example.com", nil)
	f := func(token, auth string) {
		t.Helper()
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			q := ask{token: token, query: "x=1", header: map[string]string{
				"X-Custom": "mine", "Cookie": "a=b", "X-Forwarded-For": "6.6.6.6", "X-Hapta-Caller": "users/x", "x_hapta_caller": "users/x",
				"Authorization": token, "X-Real-IP": "6.6.6.6",
			}}
			if method != "GET" {
				q.body = map[string]any{"a": 1}
			}
			a := w.own(method, "/api/own/tell/%C3%A4", q).is(200, "").object()
			h := a["headers"].(map[string]any)
			if a["method"] != method || a["name"] != "ä" || a["auth"] != auth || a["address"] != "192.0.2.7" ||
				h["x_custom"] != "mine" || h["cookie"] != "a=b" || h["x_forwarded_for"] != nil || h["x_real_ip"] != nil || h["x_hapta_caller"] != nil ||
				token != "" && h["authorization"] == token || (method != "GET") != (a["body"].(map[string]any)["a"] != nil) {
				t.Errorf("%s as %q: the route saw %v", method, auth, a)
			}
		}
	}
	f(token, user.Id)
	f("Bearer "+token, user.Id)
	f("", "")
	f("nonsense", "")
	root, err := db.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	f(root, "")
	w.own("GET", "/api/own/missing", ask{}).is(404, "")
	w.own("HEAD", "/api/own/tell/x", ask{}).is(200, "")
	p := w.passage(ask{})
	p.Body, p.ContentLength = strings.NewReader(""), 1<<30+1
	w.read(w.Passthrough(t.Context(), p, "POST", "/api/own/tell/x")).is(413, "body_too_large")
}

func TestOwnSignInsAreExchanged(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"users": "people", "notes": "script"}, byRules())
	shy := w.account("users", "shy@example.com", map[string]any{"private": true, "bio": "told"})
	w.record("notes", map[string]any{"title": "theirs", "owner": shy.Id})
	w.account("users", "banned@example.com", map[string]any{"role": "banned"})
	a := w.own("POST", "/api/own/login", ask{body: map[string]any{"email": "shy@example.com"}, query: "expand=notes_via_owner"}).is(200, "")
	if !w.signedIn(a.text("token"), shy.Id) || strings.Contains(a.body, "told") || strings.Contains(a.body, "theirs") || w.opened() != 1 {
		t.Errorf("a sign-in of the app's own answers %s", a.body)
	}
	if a := w.own("POST", "/api/own/login", ask{body: map[string]any{"email": "banned@example.com"}}).is(403, "banned"); strings.Contains(a.body, "token") {
		t.Errorf("a refused sign-in answers %s", a.body)
	}
	w.use(map[string]string{"users": ""}, byRules())
	w.own("POST", "/api/own/login", ask{body: map[string]any{"email": "shy@example.com"}}).is(403, "policy_not_loaded")
	w.use(map[string]string{"users": "partial"}, alone("users"))
	w.own("POST", "/api/own/login", ask{body: map[string]any{"email": "shy@example.com"}}).is(403, "operation_not_handled")
	if w.opened() != 1 {
		t.Errorf("%d sessions", w.opened())
	}
	w.use(nil, byRules())
	a = w.own("POST", "/api/own/say", ask{body: map[string]any{"email": "shy@example.com", "status": 201, "form": ` { "more" : [1] , "token":"TOKEN","record":RECORD,"last":"x" } `}}).is(201, "")
	if o := a.object(); !w.signedIn(a.text("token"), shy.Id) || o["last"] != "x" || len(o["more"].([]any)) != 1 || o["record"].(map[string]any)["bio"] != "told" {
		t.Errorf("it answers %s", a.body)
	}
}

func TestTokensOfPocketBaseDoNotLeave(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	w.account("users", "a@example.com", nil)
	other := w.account("users", "b@example.com", nil)
	say := func(email, form, kind string) answer {
		t.Helper()
		return w.own("POST", "/api/own/say", ask{body: map[string]any{"email": email, "form": form, "type": kind}})
	}
	of := `{"id":"` + other.Id + `","collectionId":"` + other.Collection().Id + `"}`
	for _, form := range []string{
		`{"token":"TOKEN"}`, `{"jwt":"TOKEN","record":RECORD}`, `{"token":"TOKEN","record":null}`, `{"token":"TOKEN","record":"x"}`,
		`{"token":"TOKEN","record":` + of + `}`, `{"token":"x","token":"TOKEN","record":RECORD}`, `{"token":"TOKEN","record":RECORD,"again":"TOKEN"}`,
		`{"token":"TOKEN","record":RECORD,"record":RECORD}`, `{"authorization":"Bearer TOKEN"}`, "\ufeff \n" + `{"\u0074oken":"TOKEN"}`,
	} {
		for _, kind := range []string{"application/json", "application/json; charset=utf-8", "application/problem+json"} {
			if a := say("a@example.com", form, kind).is(502, "token_withheld"); strings.Contains(a.body, "eyJ") {
				t.Errorf("%s: %s", form, a.body)
			}
		}
	}
	say("root@example.com", `{"token":"TOKEN","record":RECORD}`, "").is(502, "token_withheld")
	if w.opened() != 0 {
		t.Errorf("%d sessions opened", w.opened())
	}
	// What is none of PocketBase's tokens is the app's own business, and so is all but the top level of JSON objects.
	for _, form := range []string{`{"token":"mine","record":RECORD}`, `{"file":"FILE"}`, `["TOKEN"]`, ` "TOKEN"`, `{"token":5}`, `{"deep":{"token":"TOKEN"}}`, `{"token":"TOKEN"`, ``} {
		say("a@example.com", form, "").is(200, "")
	}
	say("a@example.com", `{"token":"TOKEN"}`, "text/plain").is(200, "")
}

// An object is looked into up to a bound, and nothing passes beyond it; whatever
// else is long is streamed.
func TestLongAnswersOfOwnRoutes(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("x", maxLookedInto)
	look := func(body string, header http.Header, status int) answer {
		t.Helper()
		header.Set("Content-Type", "application/json")
		return w.read(w.lookInto(t.Context(), w.snapshot.Load(), w.passage(ask{}), &http.Response{
			StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: &http.Request{Method: "GET"},
		}))
	}
	look(`{"long":"`+long+`"}`, http.Header{}, 200).is(502, "upstream_too_large")
	if a := look(`["`+long+`"]`, http.Header{}, 200).is(200, ""); len(a.body) != maxLookedInto+4 {
		t.Errorf("a long list has %d bytes", len(a.body))
	}
	look(`oken":"x"}`, http.Header{}, 206).is(502, "token_withheld")
	look("\x1f\x8b", http.Header{"Content-Encoding": {"gzip"}}, 200).is(502, "token_withheld")
}

// An event stream of the app's own has no end, and is cut like any when the
// server stops.
func TestEventStreamsOfOwnRoutesAreCut(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	r, err := w.Passthrough(t.Context(), w.passage(ask{}), "GET", "/api/own/events")
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 5)
	if _, err := io.ReadFull(r.Stream, first); err != nil || string(first) != "data:" {
		t.Fatalf("it begins with %q, %v", first, err)
	}
	w.CutStreams()
	if _, err := io.Copy(io.Discard, r.Stream); err == nil {
		t.Error("it ends as if it had an end")
	}
	if err := r.Stream.Close(); err != nil {
		t.Error(err)
	}
}

// A route that repeats what it is sent makes nobody anyone else.
func TestRepeatedTokensSignNobodyIn(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"users": "people"}, alone("users"))
	victim := w.account("users", "a@example.com", nil)
	victim.Set(core.FieldNameTokenKey, strings.Repeat("k", 50)) // a key that PocketBase does not know: the token is forged
	forged, err := victim.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	form := string(encoded(map[string]any{"token": forged, "record": map[string]any{"id": victim.Id, "collectionId": victim.Collection().Id}}))
	w.own(http.MethodPost, "/api/own/say", ask{body: map[string]any{"email": "a@example.com", "form": form}}).is(502, "token_withheld")
	if w.opened() != 0 {
		t.Error("a forged token opened a session")
	}
}
