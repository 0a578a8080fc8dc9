package gateway

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
)

// changes of credentials that a user may not make of their own, by any key that
// could mean one.
var backDoors = []map[string]any{
	{"password": "a new password"}, {"password": "a new password", "passwordConfirm": "a new password"},
	{"password": "a new password", "passwordConfirm": "a new password", "oldPassword": "wrong"},
	{"password": "a new password", "passwordConfirm": "a new password", "oldPassword": ""},
	{"password": "a new password", "passwordConfirm": "a new password", "oldPassword": nil},
	{"password": "a new password", "passwordConfirm": "a new password", "OldPassword": password},
	{"password": []any{"a new password"}, "passwordConfirm": "a new password"}, {"password": true, "passwordConfirm": true}, {"password": 1234567890, "passwordConfirm": 1234567890},
	{"password+": "a new password", "passwordConfirm": "a new password"}, {"+password": "a new password", "passwordConfirm": "a new password"},
	{"password:autogenerate": ""}, {"PASSWORD": "a new password", "passwordConfirm": "a new password"}, {"password:hash": "$2a$04$"},
	{"verified": true}, {"verified": "true"}, {"verified": 1}, {"verified+": true}, {"+verified": true}, {"verified-": false}, {"Verified": true}, {"verified:autogenerate": true},
	{"email": "new@example.com"}, {"email+": "x"}, {"+email": "x"}, {"email-": "a@example.com"}, {"Email": "new@example.com"}, {"email": []any{"new@example.com"}}, {"email": nil}, {"email": ""}, {"email:autogenerate": "x"},
	{"tokenKey": strings.Repeat("x", 50)}, {"tokenKey": ""}, {"tokenKey": nil}, {"tokenKey+": "x"}, {"tokenKey-": "x"}, {"tokenKey:autogenerate": ""}, {"TokenKey": strings.Repeat("x", 50)},
	{"name": "x", "verified": true, "tokenKey:autogenerate": ""}, {"expand": map[string]any{"verified": true}}, {"@jsonPayload": `{"verified":true}`},
	{"record": map[string]any{"verified": true}}, {"role": "mine"}, {"role+": "mine"}, {"oldPassword": password}, {"passwordConfirm": password}, {"lastResetSentAt": "2020-01-01"}, {"passwordHash": "x"},
}

// sentAs is a way to send fields, a different one for each number.
func sentAs(i int, fields map[string]any) ask {
	var pairs []string
	for key, value := range fields {
		text, ok := value.(string)
		if !ok {
			text = string(encoded(value))
		}
		pairs = append(pairs, key, text)
	}
	switch i % 5 {
	case 0:
		return ask{body: query(pairs...), form: "application/x-www-form-urlencoded"}
	case 1:
		parts, kind := multipartOf(pairs...)
		return ask{body: parts, form: kind}
	case 2:
		parts, kind := multipartOf("bio", "by payload", jsonPayload, string(encoded(fields)))
		return ask{body: parts, form: kind}
	case 3:
		return ask{query: query(pairs...), body: map[string]any{"name": "by URL"}}
	default:
		return ask{query: query(jsonPayload, string(encoded(fields))), body: "name=x", form: "application/x-www-form-urlencoded"}
	}
}

var columns = []string{"password", "tokenKey", "email", "verified", "role"}

// credentialsOf are the columns by which an account is signed in to.
func credentialsOf(t *testing.T, id string) string {
	t.Helper()
	row := dbx.NullStringMap{}
	if err := app.DB().Select(columns...).From("users").Where(dbx.HashExp{"id": id}).One(&row); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// No way of writing changes who can sign in to an account, or as whom.
func TestCredentialsHaveNoBackDoor(t *testing.T) {
	for name, s := range map[string]Settings{"by rules": byRules(), "by policy": alone("users")} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.use(map[string]string{"users": "people"}, s)
			user, token := w.user("a@example.com", map[string]any{"role": "given"})
			_, other := w.user("b@example.com", nil)
			before := credentialsOf(t, user.Id)
			f := func(what string, fields any, a answer) {
				t.Helper()
				if a.status >= http.StatusInternalServerError {
					t.Errorf("%s of %v ends with %d %s", what, fields, a.status, a.body)
				}
				if now := credentialsOf(t, user.Id); now != before {
					t.Fatalf("%s of %v: from %s to %s, answered %d %s", what, fields, before, now, a.status, a.body)
				}
			}
			for i, fields := range backDoors {
				for _, token := range []string{token, other, ""} {
					f("an update", fields, w.ask(ask{op: update, collection: "USERS", id: user.Id, token: token, body: fields}))
				}
				q := sentAs(i, fields)
				q.op, q.collection, q.id, q.token = update, "users", user.Id, token
				f("a form", fields, w.ask(q))
				with := maps.Clone(fields)
				with["id"] = user.Id
				f("a create", fields, w.ask(ask{op: create, collection: "users", token: token, body: with}))
				for _, member := range []map[string]any{storing("patch", "users/records/"+user.Id, fields), storing("PUT", "users/records", with)} {
					member["headers"] = map[string]any{"Authorization": "x", "X-Hapta-Caller": "users/" + user.Id}
					f("a batch", member, w.batch(ask{token: token, body: requests(member)}))
				}
			}
			for i := range 3 { // forms of each sort carry what a user may change
				q := sentAs(i, map[string]any{"name": "by form"})
				q.op, q.collection, q.id, q.token = update, "users", user.Id, token
				w.ask(q).is(200, "")
			}
			for _, new := range []string{"another one", "and one more"} { // the front door, alone and in a batch
				fields := map[string]any{"password": new, "passwordConfirm": new, "oldPassword": password}
				if new == "and one more" {
					fields["oldPassword"] = "another one"
					token = w.signIn("users", "a@example.com", "another one").text("token")
					w.batch(ask{token: token, body: requests(storing("PATCH", "users/records/"+user.Id, fields))}).is(200, "")
				} else {
					w.ask(ask{op: update, collection: "users", id: user.Id, token: token, body: fields}).is(200, "")
				}
				w.signIn("users", "a@example.com", new).is(200, "")
			}
		})
	}
}

// A new account is nobody's but its maker's: neither verified nor with a token
// key of their choice.
func TestNewAccountsAreNotVerified(t *testing.T) {
	for name, s := range map[string]Settings{"by rules": byRules(), "by policy": alone("users")} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.use(map[string]string{"users": "people"}, s)
			made := 0
			for i, extra := range backDoors {
				base := map[string]any{"id": created, "email": "n@example.com", "password": password, "passwordConfirm": password}
				for key, value := range extra {
					if key != "password" && key != "passwordConfirm" && key != "email" {
						base[key] = value
					}
				}
				form := sentAs(i, base)
				form.op, form.collection = create, "users"
				for _, send := range []func() answer{
					func() answer { return w.ask(ask{op: create, collection: "users", body: base}) },
					func() answer { return w.ask(form) },
					func() answer { return w.batch(ask{body: requests(storing("POST", "users/records", base))}) },
				} {
					answered := send()
					r := w.stored("users", created)
					if r == nil {
						continue
					}
					made++
					if r.Verified() || r.GetString("role") != "" || strings.Contains(r.TokenKey(), "xxxxxxxxxx") || len(r.TokenKey()) < 30 || !r.ValidatePassword(password) {
						t.Errorf("%v makes verified %t, role %q, token key %q: %s", extra, r.Verified(), r.GetString("role"), r.TokenKey(), answered.body)
					}
					w.forgetNew()
				}
			}
			if made < 50 {
				t.Errorf("%d accounts were made; the others prove nothing", made)
			}
		})
	}
}

// Who may manage an account by PocketBase's manage rule may set what its owner may
// not, under both authorities; nobody else may.
func TestManageRule(t *testing.T) {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		t.Fatal(err)
	}
	before, manage := users.UpdateRule, users.ManageRule
	users.UpdateRule, users.ManageRule = rule(`@request.auth.id != ""`), rule(`@request.auth.role = "manager"`)
	if err := app.Save(users); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		users.UpdateRule, users.ManageRule = before, manage
		if err := app.Save(users); err != nil {
			t.Error(err)
		}
	})
	for name, s := range map[string]Settings{"by rules": byRules(), "by policy": alone("users")} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.use(map[string]string{"users": "people"}, s)
			user := w.account("users", "a@example.com", nil)
			_, manager := w.user("m@example.com", map[string]any{"role": "manager"})
			_, other := w.user("b@example.com", nil)
			before := credentialsOf(t, user.Id)
			for _, fields := range []map[string]any{
				{"verified": true}, {"email": "new@example.com"}, {"password": "a new password", "passwordConfirm": "a new password"},
			} {
				q := ask{op: update, collection: "users", id: user.Id, body: fields}
				for _, token := range []string{"", other} {
					q.token = token
					if a := w.ask(q); a.status < 400 || credentialsOf(t, user.Id) != before {
						t.Fatalf("%v by no manager: %d %s", fields, a.status, a.body)
					}
				}
				q.token, q.query = manager, "do=set:role"
				if a := w.ask(q); a.status < 400 || credentialsOf(t, user.Id) != before { // with an effect on a hidden field
					t.Fatalf("%v with an effect on a hidden field: %d %s", fields, a.status, a.body)
				}
				q.query = ""
				w.ask(q).is(200, "")
				now := credentialsOf(t, user.Id)
				if now == before {
					t.Errorf("%v by a manager: nothing has changed", fields)
				}
				before = now
			}
		})
	}
}

// A collection of PocketBase's own is never decided by a policy of its name, nor
// by the one for all others.
func TestSystemCollectionsAreNoPolicys(t *testing.T) {
	w := newWorld(t)
	policies, settings := map[string]string{"_default": "letters"}, alone()
	var system []string
	for _, c := range db.Schema().All() {
		if c.IsSystem() {
			system = append(system, c.Name)
			policies[c.Name], settings.ByPolicy[strings.ToLower(c.Name)], settings.ByPolicy[c.Id] = "letters", true, true
		}
	}
	if len(system) < 4 || !slices.Contains(system, "_superusers") {
		t.Fatalf("the system collections are %q", system)
	}
	_, token := w.user("a@example.com", nil)
	w.use(policies, settings)
	for _, c := range db.Schema().All() {
		if !c.IsSystem() {
			continue
		}
		if a := w.snapshot.Load().access[c.Id]; a.policy != nil || a.asSuperuser {
			t.Errorf("%s is decided by a policy", c.Name)
		}
		before := w.count(c.Name)
		for _, name := range []string{c.Name, c.Id, strings.ToUpper(c.Name)} {
			for _, token := range []string{"", token} {
				made := w.ask(ask{op: create, collection: name, token: token, body: map[string]any{"email": "root2@example.com", "password": password, "passwordConfirm": password,
					"collectionRef": "_pb_users_auth_", "recordRef": vic, "provider": "google", "providerId": "1"}})
				if made.status < 400 || w.count(c.Name) != before {
					t.Errorf("a record is made in %s: %d %s", name, made.status, made.body)
				}
				if a := w.ask(ask{op: list, collection: name, token: token}); a.status == 200 && len(a.items()) > 0 && c.Name == "_superusers" {
					t.Errorf("%s lists %s", name, a.body)
				}
				w.ask(ask{op: update, collection: name, id: "x", token: token, body: map[string]any{"email": "x@example.com"}})
				if a := w.batch(ask{token: token, body: requests(storing("POST", name+"/records", map[string]any{"email": "x@example.com"}))}); a.status < 400 {
					t.Errorf("a batch writes into %s: %s", name, a.body)
				}
			}
		}
	}
}
