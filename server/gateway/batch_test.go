package gateway

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func (w *world) batch(q ask) answer {
	w.Helper()
	return w.read(w.Batch(w.Context(), w.passage(q), false))
}

// storing is a member of a batch: a method and the path behind /api/collections/.
func storing(method, path string, body map[string]any) map[string]any {
	return map[string]any{"method": method, "url": "/api/collections/" + path, "body": body}
}

func requests(members ...map[string]any) map[string]any {
	return map[string]any{"requests": members}
}

// results are the bodies that a batch answers, one per member.
func (a answer) results() (bodies []map[string]any) {
	a.t.Helper()
	var list []struct{ Body map[string]any }
	if err := json.Unmarshal([]byte(a.is(http.StatusOK, "").body), &list); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
	for _, r := range list {
		bodies = append(bodies, r.Body)
	}
	return bodies
}

// refusedMember asserts PocketBase's shape of a batch that one member ended.
func (a answer) refusedMember(index int, status int, code string) {
	a.t.Helper()
	var shape struct {
		Message string
		Status  int
		Data    struct {
			Requests map[string]struct {
				Code, Message string
				Response      struct {
					Status int
					Data   struct{ Hapta struct{ Code string } }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(a.body), &shape); err != nil {
		a.t.Fatal(err)
	}
	r, ok := shape.Data.Requests[fmt.Sprint(index)]
	if a.status != 400 || shape.Status != 400 || shape.Message != "Batch transaction failed." || !ok || len(shape.Data.Requests) != 1 ||
		r.Code != "batch_request_failed" || r.Message != "Batch request failed." || r.Response.Status != status || r.Response.Data.Hapta.Code != code {
		a.t.Fatalf("%d %s; want request %d refused with %d %q", a.status, a.body, index, status, code)
	}
}

// Each member is decided by its own policy, and one refusal leaves nothing.
func TestBatchMembersAreJudged(t *testing.T) {
	for name, s := range map[string]Settings{"by rules": byRules(), "alone": alone("notes")} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.use(map[string]string{"notes": "script"}, s)
			kept := w.record("notes", map[string]any{"title": "kept", "secret": "hush", "count": 1})
			unseen := w.record("notes", map[string]any{"title": "unseen"})
			f := func(code string, status int, bad map[string]any) {
				t.Helper()
				before := w.count("notes")
				good := storing("POST", "notes/records", map[string]any{"title": "x"})
				w.batch(ask{body: requests(good, bad, good)}).refusedMember(1, status, code)
				if w.count("notes") != before || w.stored("notes", kept.Id) == nil || w.stored("notes", kept.Id).GetString("title") != "kept" {
					t.Errorf("%v: something was stored", bad)
				}
			}
			f("told_to", 403, storing("POST", "notes/records?do=create:refuse", nil))
			f("told_to", 418, storing("POST", "NOTES/records?do=create:teapot", nil))
			f("told_to", 403, storing("PATCH", "notes/records/"+kept.Id+"?do=update:refuse", map[string]any{"title": "y"}))
			f("told_to", 403, storing("DELETE", "notes/records/"+kept.Id+"?do=delete:refuse", nil))
			f("told_to", 403, storing("PUT", "notes/records?do=update:refuse", map[string]any{"id": kept.Id, "title": "y"}))
			f("told_to", 403, storing("PUT", "notes/records?do=create:refuse", map[string]any{"id": "abcdefghijklmno"}))
			f("policy_trapped", 403, storing("POST", "notes/records?do=create:trap", nil))
			f("policy_out_of_fuel", 403, storing("POST", "notes/records?do=create:spin", nil))
			f("", 404, storing("PATCH", "notes/records/"+kept.Id+"?do=view:hide", map[string]any{"title": "y"}))
			f("", 404, storing("PATCH", "notes/records/"+unseen.Id, map[string]any{"title": "y"}))
			f("", 404, storing("DELETE", "notes/records/"+unseen.Id, nil))
			f("", 404, storing("PATCH", "notes/records/nothing", nil))
			f("", 404, storing("PATCH", "notes/records/%2e%2e", nil)) // up to the collection itself
			f("", 404, storing("POST", "_superusers/records", nil))
			f("", 404, storing("POST", "nothing/records", nil))

			got := w.batch(ask{body: requests(
				storing("POST", "notes/records?do=set:title", map[string]any{"title": "mine", "secret": "evil", "tags": []string{"a"}}),
				storing("PATCH", "notes/records/"+kept.Id+"?fields=title,count", map[string]any{"count+": 4, "secret": "evil"}),
				storing("PUT", "notes/records?do=view:refuse", map[string]any{"id": "abcdefghijklmno", "title": "z"}),
			)}).results()
			if len(got) != 3 || got[0]["title"] != "set by the policy" || got[0]["secret"] != nil {
				t.Errorf("the first member answers %v", got)
			}
			if fmt.Sprint(got[1]) != "map[count:5 title:kept]" || w.stored("notes", kept.Id).GetString("secret") != "hush" {
				t.Errorf("the second member answers %v", got[1])
			}
			if fmt.Sprint(got[2]) != "map[id:abcdefghijklmno]" || w.stored("notes", "abcdefghijklmno").GetString("title") != "z" {
				t.Errorf("the third member answers %v", got[2])
			}
			got = w.batch(ask{body: requests(
				storing("PUT", "notes/records?do=create:refuse", map[string]any{"id": "abcdefghijklmno", "title": "changed"}),
				storing("DELETE", "notes/records/"+kept.Id, nil),
			)}).results()
			if w.stored("notes", "abcdefghijklmno").GetString("title") != "changed" || w.stored("notes", kept.Id) != nil || got[1] != nil {
				t.Errorf("an upsert of what is there answers %v", got)
			}
		})
	}
}

// What a member sends is judged with the values that it results in, and what was
// judged is what is stored.
func TestBatchStoresWhatWasJudged(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "witness"}, alone("notes"))
	r := w.record("notes", map[string]any{"title": "a", "count": 2, "tags": []string{"a"}, "private_note": "hush"})
	got := w.batch(ask{body: requests(storing("PATCH", "notes/records/"+r.Id, map[string]any{"count+": "3", "+tags": "b", "meta": map[string]any{"x": 1}}))}).results()
	const want = `count(append)=5 tags(prepend)=[b,a] meta={x:1}`
	if got[0]["seen"] != want || got[0]["private_note"] != nil {
		t.Errorf("judged %v; want %s", got[0], want)
	}
	f := func(detail string, member map[string]any) {
		t.Helper()
		if a := w.batch(ask{body: requests(member)}); a.status != 400 || !strings.Contains(a.body, detail) {
			t.Errorf("%v: %d %s", member, a.status, a.body)
		}
	}
	f("duplicate_field", storing("POST", "notes/records", map[string]any{"title": "a", "Title": "b"}))
	f("field_in_query", storing("POST", "notes/records?title=x", nil))
	f("field_in_query", storing("POST", "notes/records?@jsonPayload=%7B%7D", nil))
}

// A batch goes as one identity, and a judged record is written once.
func TestBatchIsOneIdentity(t *testing.T) {
	w := newWorld(t)
	user, token := w.user("a@example.com", nil)
	w.use(map[string]string{"notes": "script", "users": "people", "comments": "partial"}, alone("notes", "users"))
	f := func(status int, code string, members ...map[string]any) {
		t.Helper()
		w.batch(ask{token: token, body: requests(members...)}).is(status, code)
	}
	note, plain := storing("POST", "notes/records", map[string]any{"title": "x"}), storing("POST", "plain/records", map[string]any{"title": "x"})
	name := storing("PATCH", "users/records/"+user.Id, map[string]any{"name": "Ann"})
	secret := storing("PATCH", "users/records/"+user.Id, map[string]any{"password": "a new one", "passwordConfirm": "a new one", "oldPassword": password})
	f(200, "", note, note)
	f(200, "", note, name)
	f(200, "", plain, storing("POST", "comments/records", nil))
	f(400, "batch_two_identities", note, plain)
	f(400, "batch_two_identities", plain, name)
	f(400, "batch_two_identities", note, secret) // credentials are changed as their owner

	r := w.record("notes", map[string]any{"title": "x"})
	change := storing("PATCH", "notes/records/"+r.Id, map[string]any{"title": "y"})
	f(400, "batch_written_twice", change, note, storing("PATCH", "NOTES/records/"+r.Id, nil))
	f(400, "batch_written_twice", change, storing("DELETE", "notes/records/"+r.Id, nil))
	f(400, "batch_written_twice", storing("PUT", "notes/records", map[string]any{"id": r.Id}), change)

	// the record that an earlier member makes is not there yet to be judged
	const id, digits = "abcdefghijklmno", "123456789012345"
	for _, chosen := range []any{id, digits, json.Number(digits)} {
		path := "notes/records/" + fmt.Sprint(chosen)
		create, upsert := storing("POST", "notes/records", map[string]any{"id": chosen}), storing("PUT", "notes/records", map[string]any{"id": chosen})
		for _, second := range []map[string]any{storing("PATCH", path, map[string]any{"title": "y"}), storing("DELETE", path, nil), create, upsert} {
			f(400, "batch_written_twice", create, note, second)
			f(400, "batch_written_twice", upsert, second)
		}
	}
	f(400, "batch_written_twice", storing("DELETE", "notes/records/"+r.Id, nil), storing("POST", "notes/records", map[string]any{"id": r.Id}))
	if w.stored("notes", r.Id).GetString("title") != "x" || w.stored("notes", id) != nil || w.stored("notes", digits) != nil || w.count("plain") != 1 {
		t.Error("a refused batch stored something")
	}
	p := w.record("plain", map[string]any{"title": "x"})
	twice := storing("PATCH", "plain/records/"+p.Id, map[string]any{"title": "y"})
	f(200, "", twice, twice) // nobody judges it

	f(200, "", secret)
	if w.signIn("users", "a@example.com", "a new one").status != 200 {
		t.Error("the password was not changed")
	}
}

// Members' own headers pass when they are the app's or a policy may read them.
func TestBatchMemberHeaders(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	with := func(m map[string]any, name, value string) map[string]any {
		m["headers"] = map[string]any{name: value}
		return m
	}
	note := func() map[string]any { return storing("POST", "notes/records?do=create:tell", nil) }
	plain := func() map[string]any { return storing("POST", "plain/records", map[string]any{"title": "x"}) }
	w.batch(ask{body: requests(plain(), with(plain(), "x-rules", "no"))}).refusedMember(1, 400, "")
	w.batch(ask{header: map[string]string{"X-Rules": "no"}, body: requests(with(plain(), "X-Rules", "yes"))}).is(200, "")
	a := w.batch(ask{header: map[string]string{"User-Agent": "outer"}, body: requests(with(note(), "User-Agent", "inner"))})
	if !strings.Contains(a.body, "192.0.2.7 inner") {
		t.Errorf("the policy was told %s", a.body)
	}
	for _, name := range []string{"Authorization", "X-Forwarded-For", "x_forwarded-for", "X-Real-IP", "X-Hapta-Caller", "Cookie", "Content-Type", "Host", "@request"} {
		if h := memberHeader(map[string]any{name: "evil"}); len(h) != 0 {
			t.Errorf("%s passes as %v", name, h)
		}
	}
	if h := memberHeader(map[string]any{"X-Evil": "a\r\nX-Forwarded-For: 1", "X-Number": 7}); len(h) != 0 {
		t.Errorf("passed %v", h)
	}
}

// A batch is read strictly where PocketBase would fold or overlook.
func TestBatchIsReadStrictly(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	f := func(status int, code, detail string, q ask) {
		t.Helper()
		before := w.count("plain")
		a := w.batch(q).is(status, code)
		if !strings.Contains(a.detail, detail) {
			t.Errorf("%v: %s", q.body, a.detail)
		}
		if stored := w.count("plain") - before; (stored > 0) != (status == 200) {
			t.Errorf("%v stored %d records", q.body, stored)
		}
	}
	const one = `{"method":"POST","url":"/api/collections/plain/records","body":{"title":"x"}}`
	f(200, "", "", ask{body: `{"requests":[` + one + `]}`})
	f(200, "", "", ask{body: `{"requests":[{"method":"PUT","url":"/api/collections/PLAIN/records","body":{"title":"x"}}]}`})
	f(400, "duplicate_field", "", ask{body: `{"requests":[` + one + `],"requests":[]}`})
	f(400, "duplicate_field", "", ask{body: `{"requests":[` + one + `],"Requests":[]}`})
	for _, body := range []string{`{"Requests":[` + one + `]}`, `{"requests":[` + one + `],"more":1}`, `{"requests":{}}`, ``,
		`{"requests":[` + strings.Repeat(one+",", maxMembers) + one + `]}`} {
		f(400, "bad_body", "", ask{body: body})
	}
	f(400, "field_in_query", "", ask{body: `{"requests":[` + one + `]}`, query: query("@jsonPayload", `{}`)})
	for member, detail := range map[string]string{
		`{"method":"POST","URL":"/api/collections/plain/records"}`:          "URL",
		`{"method":"POST","url":1}`:                                         "url",
		`{"method":"POST","url":"/api/collections/plain/records","more":1}`: "more",
		`7`: "no object",
	} {
		f(400, "bad_body", "Request 1 of the batch: ", ask{body: `{"requests":[` + one + `,` + member + `]}`})
		f(400, "bad_body", detail, ask{body: `{"requests":[` + one + `,` + member + `]}`})
	}
	for _, member := range []string{`{"method":"GET","url":"/api/collections/plain/records"}`, `{"method":"PATCH","url":"/api/collections/plain/records"}`} {
		w.batch(ask{body: `{"requests":[` + one + `,` + member + `]}`}).refusedMember(1, 400, "")
	}
	for _, url := range []string{
		"/api/collections/plain", "/api/settings", "/api/collections/plain/records/a/b", "//api/collections/plain/records",
		"http://x/api/collections/plain/records", "//x/api/collections/plain/records", "/api/collections/plain/records/a%2fb",
		"/api/collections/plain/../notes/records", "/api/batch", "", "/api/collections/users/auth-with-password", "/%zz",
	} {
		f(400, "bad_body", "Request 0", ask{body: requests(map[string]any{"method": "POST", "url": url})})
	}
}

// Uploads of a batch reach the record they belong to, in both forms of their
// keys, judged or not.
func TestBatchWithUploads(t *testing.T) {
	for _, policies := range []map[string]string{{"plain": "script"}, {"notes": "script"}, {"notes": "witness"}} {
		for _, key := range []string{"requests.1.docs", "requests[1].docs", "requests.1.docs+"} {
			w := newWorld(t)
			w.use(policies, byRules())
			if policies["notes"] == "witness" {
				w.use(policies, alone("notes"))
			}
			member := `{"method":"POST","url":"/api/collections/notes/records","body":{"title":"x"}}`
			body, kind := multipartOf("@jsonPayload", `{"requests":[`+member+`,`+member+`]}`, key+"|upload.txt", "content")
			w.batch(ask{body: body, form: kind}).is(http.StatusOK, "")
			notes, err := app.FindRecordsByFilter("notes", "docs:length = 1", "", 0, 0)
			if err != nil || len(notes) != 1 || w.count("notes") != 2 {
				t.Fatalf("%v: stored %v, %v", policies, notes, err)
			}
			if c := content(t, notes[0], notes[0].GetStringSlice("docs")[0]); c != "content" {
				t.Errorf("the upload holds %q", c)
			}
		}
	}
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, byRules())
	f := func(code string, pairs ...string) {
		t.Helper()
		body, kind := multipartOf(append([]string{"@jsonPayload", `{"requests":[{"method":"POST","url":"/api/collections/notes/records"}]}`}, pairs...)...)
		if a := w.batch(ask{body: body, form: kind}); a.status != 400 || !strings.Contains(a.body, code) || w.count("notes") != 0 {
			t.Errorf("%v: %d %s", pairs, a.status, a.body)
		}
	}
	for _, key := range []string{"docs", "requests.1.docs", "requests.00.docs", "requests.-1.docs", "requests.0.", "requests[0]docs", "requests.x.docs"} {
		f("upload_not_judged", key+"|a.txt", "x")
	}
	f("upload_not_judged", "requests.0.title|a.txt", "x")
	f("duplicate_field", "requests.0.docs|a.txt", "x", "requests[0].docs|b.txt", "y")
	f("bad_body", "requests.0.url", "/api/collections/plain/records")
}

// Batches that write the same records in another order do not wait for each other
// for ever.
func TestBatchesTakeTurnsInOneOrder(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"notes": "script"}, alone("notes"))
	a, b := w.record("notes", map[string]any{"title": "a"}), w.record("notes", map[string]any{"title": "b"})
	var all sync.WaitGroup
	for i := range 20 {
		first, second := a.Id, b.Id
		if i%2 == 1 {
			first, second = second, first
		}
		all.Go(func() {
			up := map[string]any{"count+": 1}
			if a := w.batch(ask{body: requests(storing("PATCH", "notes/records/"+first, up), storing("PATCH", "notes/records/"+second, up))}); a.status != 200 {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	all.Wait()
	if x, y := w.stored("notes", a.Id).GetInt("count"), w.stored("notes", b.Id).GetInt("count"); x != 20 || y != 20 {
		t.Errorf("counted %d and %d of 20", x, y)
	}
}

// What a batch does to users ends their sessions as elsewhere.
func TestBatchIsNotedBySessions(t *testing.T) {
	w := newWorld(t)
	for _, policies := range []map[string]string{nil, {"users": "drops"}} {
		w.use(policies, byRules())
		user, token := w.user("a@example.com", nil)
		w.batch(ask{token: token, body: requests(storing("DELETE", "users/records/"+user.Id, nil))}).is(http.StatusOK, "")
		if w.opened() != 0 || w.stored("users", user.Id) != nil {
			t.Errorf("%d sessions are left", w.opened())
		}
	}
}
