package gateway

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func (w *world) refresh(collection, token, query string) answer {
	w.Helper()
	return w.read(w.Refresh(w.Context(), w.passage(ask{token: token, query: query}), collection))
}

// signedIn tells whether a token still speaks for a user, by a change of their
// record that the update rule leaves to its owner.
func (w *world) signedIn(token, id string) bool {
	w.Helper()
	a := w.ask(ask{op: update, collection: "users", id: id, token: token, body: map[string]any{"name": "x"}})
	if a.status != 200 && a.status != 404 {
		w.Fatalf("asking who a token speaks for: %d %s", a.status, a.body)
	}
	return a.status == 200
}

func TestSignInIsJudgedBeforeASessionOpens(t *testing.T) {
	w := newWorld(t)
	w.account("users", "banned@example.com", map[string]any{"role": "banned"})
	w.account("users", "shy@example.com", map[string]any{"private": true, "bio": "told", "role": "secret role"})
	f := func(policy string, settings Settings, email, pass string, status int, code string) answer {
		t.Helper()
		policies := map[string]string{"users": policy}
		if policy == "none" {
			policies = nil
		}
		w.use(policies, settings)
		before := w.opened()
		a := w.signIn("users", email, pass).is(status, code)
		if opened := w.opened() - before; (opened == 1) != (status == 200) {
			t.Errorf("%s signs in with %d, and %d sessions opened", email, status, opened)
		}
		if status != 200 && strings.Contains(a.body, "token") {
			t.Errorf("%s is refused and gets a token: %s", email, a.body)
		}
		return a
	}
	for _, s := range []Settings{byRules(), alone("users")} {
		f("people", s, "banned@example.com", password, 403, "banned")
		f("people", s, "banned@example.com", "wrong", 400, "")
		a := f("people", s, "shy@example.com", password, 200, "")
		if strings.Contains(a.body, "told") || strings.Contains(a.body, "secret role") || !strings.Contains(a.body, "shy@example.com") {
			t.Errorf("the answer to a sign-in shows %s", a.body)
		}
	}
	f("partial", byRules(), "banned@example.com", password, 200, "")
	f("partial", alone("users"), "banned@example.com", password, 403, "operation_not_handled")
	f("", byRules(), "banned@example.com", password, 403, "policy_not_loaded")
	f("none", alone("users"), "banned@example.com", password, 403, "policy_missing")
	f("none", Settings{DenyWithoutPolicy: true}, "banned@example.com", password, 403, "no_policy")
	w.signIn("_superusers", "root@example.com", "correct horse").is(404, "")
}

// PocketBase's own token stays behind Hapta, and speaks for nobody in front.
func TestPocketBaseTokensStayInside(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	user, token := w.user("a@example.com", nil)
	s, ok := w.session(token)
	if !ok || s.Upstream == token || s.RecordID != user.Id || s.CollectionName != "users" {
		t.Fatalf("the session is %v", s)
	}
	if !w.signedIn(token, user.Id) || !w.signedIn("Bearer "+token, user.Id) || !w.signedIn("bearer "+token, user.Id) {
		t.Error("the token does not speak for its user")
	}
	for _, other := range []string{s.Upstream, token + "x", token[:len(token)-1], "Bearer", "Basic " + token, ""} {
		if w.signedIn(other, user.Id) {
			t.Errorf("%.20q… speaks for the user", other)
		}
	}
	for _, fields := range []string{"token", "record.id,token", "*"} {
		p := w.passage(ask{body: map[string]any{"identity": "a@example.com", "password": password}, query: query("fields", fields)})
		a := w.read(w.SignIn(t.Context(), p, "users", "auth-with-password")).is(200, "")
		if !w.signedIn(a.text("token"), user.Id) {
			t.Errorf("fields=%s gives %s", fields, a.body)
		}
	}
}

func TestRefresh(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"users": "people"}, byRules())
	user, token := w.user("a@example.com", map[string]any{"private": true, "bio": "told"})
	a := w.refresh("users", token, "").is(200, "")
	if w.opened() != 1 || !w.signedIn(a.text("token"), user.Id) || strings.Contains(a.body, "told") {
		t.Errorf("%d sessions after a refresh that answers %s", w.opened(), a.body)
	}
	w.refresh("users", "", "").is(401, "")
	w.refresh("users", "nonsense", "").is(401, "")
	w.refresh("members", token, "").is(403, "")
	if w.opened() != 1 || !w.signedIn(token, user.Id) {
		t.Error("a refresh in the wrong place ended the session")
	}
	user.Set("role", "banned")
	if err := app.Save(user); err != nil {
		t.Fatal(err)
	}
	if a := w.refresh("users", token, "").is(403, "banned"); strings.Contains(a.body, "token") {
		t.Errorf("a refused refresh answers %s", a.body)
	}
}

// The caller's expansion in a sign-in is one more way for records to leave.
func TestSignInExpandsWhatThePolicyAllows(t *testing.T) {
	w := newWorld(t)
	user, token := w.user("a@example.com", nil)
	w.record("notes", map[string]any{"title": "shown", "owner": user.Id, "secret": "hush"})
	w.record("notes", map[string]any{"title": "unseen", "owner": user.Id})
	for _, s := range []Settings{byRules(), alone("notes"), alone("users", "notes")} {
		w.use(map[string]string{"notes": "script", "users": "people"}, s)
		p := w.passage(ask{body: map[string]any{"identity": "a@example.com", "password": password}, query: "expand=notes_via_owner"})
		for _, a := range []answer{w.refresh("users", token, "expand=notes_via_owner"), w.read(w.SignIn(t.Context(), p, "users", "auth-with-password"))} {
			a.is(200, "")
			if !strings.Contains(a.body, "shown") || strings.Contains(a.body, "unseen") || strings.Contains(a.body, "hush") {
				t.Errorf("%v: %s", s.ByPolicy, a.body)
			}
		}
	}
}

// A session ends when PocketBase would no longer take its user.
func TestSessionsEnd(t *testing.T) {
	f := func(name string, recheck time.Duration, change func(w *world, id, token string), signedIn bool) {
		t.Helper()
		w := newWorld(t)
		w.use(nil, Settings{Recheck: recheck})
		user, token := w.user("a@example.com", nil)
		_, other := w.user("b@example.com", nil)
		change(w, user.Id, token)
		if w.signedIn(token, user.Id) != signedIn {
			t.Errorf("%s: signed in afterwards is not %t", name, signedIn)
		}
		if want := map[bool]int{true: 2, false: 1}[signedIn]; w.opened() != want {
			t.Errorf("%s: %d sessions are left; want %d", name, w.opened(), want)
		}
		if _, ok := w.session(other); !ok {
			t.Errorf("%s: another user's session has ended", name)
		}
	}
	behind := func(w *world, id, _ string) {
		user := w.stored("users", id)
		user.SetPassword("another password")
		if err := app.Save(user); err != nil {
			w.Fatal(err)
		}
	}
	gone := func(w *world, id, _ string) {
		if err := app.Delete(w.stored("users", id)); err != nil {
			w.Fatal(err)
		}
	}
	through := func(w *world, id, token string) {
		w.ask(ask{op: update, collection: "users", id: id, token: token, body: map[string]any{
			"oldPassword": password, "password": "another password", "passwordConfirm": "another password",
		}}).is(200, "")
	}
	f("nothing happens", 0, func(*world, string, string) {}, true)
	f("the password changes behind Hapta's back", 0, behind, false)
	f("the user is deleted behind Hapta's back", 0, gone, false)
	f("the password changes through Hapta", time.Hour, through, false)
	f("the embedded PocketBase changes the password", time.Hour, behind, false)
	f("the embedded PocketBase deletes the user", time.Hour, gone, false)
	f("the name changes through Hapta", time.Hour, func(w *world, id, token string) {
		if !w.signedIn(token, id) {
			t.Error("not signed in")
		}
	}, true)
	f("the user is deleted through Hapta", time.Hour, func(w *world, id, token string) {
		w.ask(ask{op: remove, collection: "users", id: id, token: token}).is(204, "")
	}, false)
	f("a refresh after the password changed behind Hapta's back", time.Hour, func(w *world, id, token string) {
		behind(w, id, token)
		w.refresh("users", token, "").is(401, "")
	}, false)
}

// A token lives no longer than configured, nor than PocketBase's own.
func TestLifetime(t *testing.T) {
	w := newWorld(t)
	f := func(lifetime, want time.Duration) {
		t.Helper()
		w.use(nil, Settings{Lifetime: lifetime})
		_, token := w.user(time.Duration.String(lifetime)+"@example.com", nil)
		s, _ := w.session(token)
		if lives := s.Expires.Sub(s.Created); lives < want-time.Minute || lives > want+time.Minute {
			t.Errorf("with lifetime %v a token lives for %v; want about %v", lifetime, lives, want)
		}
	}
	own := db.Schema().Find("users").AuthToken.DurationTime()
	f(0, own)
	f(time.Hour, time.Hour)
	f(1000*time.Hour, own)
}

// Where the policy alone decides, what concerns signing in goes as the caller:
// PocketBase asks for the old password and its update rule.
func TestCredentialsGoAsTheCaller(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"users": "people"}, alone("users"))
	user, token := w.user("a@example.com", nil)
	_, other := w.user("b@example.com", nil)
	tokenKey := user.TokenKey()

	f := func(token, do, body string, status int, code string, asSuperuser bool) {
		t.Helper()
		var a answer
		reached := seenByDatabase(func() {
			a = w.ask(ask{op: update, collection: "users", id: user.Id, token: token, body: body, query: "do=" + do})
		})
		if a.status != status || a.code != code {
			t.Errorf("%s: %d %s; want %d %q", body, a.status, a.body, status, code)
		}
		for _, r := range reached {
			if r.Method == "PATCH" && r.Superuser != asSuperuser {
				t.Errorf("%s: went as superuser: %t", body, r.Superuser)
			}
		}
		now := w.stored("users", user.Id)
		if now.TokenKey() != tokenKey || now.Verified() || now.Email() != "a@example.com" || !now.ValidatePassword(password) {
			t.Errorf("%s: credentials changed", body)
		}
		if role := now.GetString("role"); role != "" && role != "set by the policy" {
			t.Errorf("%s: a client set the role %q", body, role)
		}
	}
	f("", "", `{"name":"by a guest"}`, 200, "", true)
	f(token, "", `{"emailVisibility":true}`, 200, "", true)
	f(token, "", `{"name":"x","role":"admin"}`, 200, "", true)
	f(token, "", `{"tokenKey":"`+strings.Repeat("x", 50)+`"}`, 200, "", false)
	f(token, "", `{"tokenKey:autogenerate":""}`, 200, "", false)
	f(token, "", `{"password":"another password","passwordConfirm":"another password"}`, 400, "", false)
	f(token, "", `{"password":"another password","passwordConfirm":"another password","oldPassword":"wrong"}`, 400, "", false)
	f(other, "", `{"password":"another password","passwordConfirm":"another password","oldPassword":"`+password+`"}`, 404, "", false)
	f("", "", `{"password":"another password","passwordConfirm":"another password","oldPassword":"`+password+`"}`, 404, "", false)
	f(token, "", `{"verified":true}`, 400, "", false)
	f(token, "", `{"email":"new@example.com"}`, 400, "", false)
	f(other, "", `{"name":"x","email":"new@example.com"}`, 404, "", false)
	f(token, "set:role", `{"name":"x","email":"a@example.com"}`, 403, "policy_invalid", false)
	f(token, "set:role", `{"name":"x"}`, 200, "", true)

	a := w.ask(ask{op: update, collection: "users", id: user.Id, token: token, body: map[string]any{
		"password": "another password", "passwordConfirm": "another password", "oldPassword": password, "name": "renamed",
	}}).is(200, "")
	if now := w.stored("users", user.Id); !now.ValidatePassword("another password") || now.GetString("name") != "renamed" {
		t.Errorf("the owner's own change was not stored: %s", a.body)
	}
}

func TestNewAccountsUnderAPolicy(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"users": "people"}, alone("users"))
	f := func(do, more string, status int, code, role string) {
		t.Helper()
		before := w.count("users")
		email := strings.ToLower(t.Name()) + string(rune('a'+before)) + "@example.com"
		body := `{"email":"` + email + `","password":"a new password","passwordConfirm":"a new password"` + more + `}`
		if !json.Valid([]byte(body)) {
			t.Fatal(body)
		}
		a := w.ask(ask{op: create, collection: "users", body: body, query: "do=" + do}).is(status, code)
		if status != 200 {
			if w.count("users") != before {
				t.Errorf("%s: an account was made", more)
			}
			return
		}
		now := w.stored("users", a.text("id"))
		if now.Verified() || now.GetString("role") != role || now.TokenKey() == strings.Repeat("x", 50) {
			t.Errorf("%s: made %v", more, now.FieldsData())
		}
		w.signIn("users", email, "a new password").is(200, "")
	}
	f("", ``, 200, "", "")
	f("", `,"verified":false`, 200, "", "")
	f("", `,"verified":true`, 400, "field_not_writable", "")
	f("", `,"verified":"true"`, 400, "field_not_writable", "")
	f("", `,"verified":1`, 400, "field_not_writable", "")
	f("", `,"tokenKey":"`+strings.Repeat("x", 50)+`"`, 200, "", "")
	f("", `,"role":"admin"`, 200, "", "")
	f("set:role", `,"role":"admin"`, 200, "", "set by the policy")
}
