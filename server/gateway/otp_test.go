package gateway

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// otp has PocketBase send a one-time password, and returns its id and itself.
func (w *world) otp(email string) (id, code string) {
	w.Helper()
	sent := make(chan string, 1)
	hook := app.OnMailerRecordOTPSend().BindFunc(func(e *core.MailerRecordEvent) error {
		sent <- e.Meta["password"].(string)
		return nil // there is no mail server
	})
	defer app.OnMailerRecordOTPSend().Unbind(hook)
	a := w.read(w.ForwardAuth(w.Context(), w.passage(ask{body: map[string]any{"email": email}}), "POST", "members", "request-otp"))
	return a.is(200, "").text("otpId"), <-sent
}

func (w *world) withOTP(body map[string]any, query string) answer {
	w.Helper()
	return w.read(w.SignIn(w.Context(), w.passage(ask{body: body, query: query}), "members", "auth-with-otp"))
}

func TestSignInWithOneTimePasswords(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	w.account("members", "a@example.com", nil)
	before := w.signIn("members", "a@example.com", password).is(200, "").text("token")
	id, code := w.otp("a@example.com")
	w.withOTP(map[string]any{"otpId": id, "password": "wrong"}, "").is(400, "")
	if w.opened() != 1 {
		t.Error("a wrong one-time password opened a session")
	}
	a := w.withOTP(map[string]any{"otpId": id, "password": code}, "fields=token").is(200, "")
	if s, ok := w.session(before); !ok || !s.Proved.IsZero() {
		t.Errorf("PocketBase may have changed the password, and the session from before is still believed: %v", s)
	}
	token := a.text("token")
	if len(a.object()) != 1 || w.opened() != 2 {
		t.Errorf("%d sessions; it answers %s", w.opened(), a.body)
	}
	w.refresh("members", token, "").is(200, "")
	w.withOTP(map[string]any{"otpId": id, "password": code}, "").is(400, "")
}

// The record is judged as after any sign-in, and none opens a session unjudged.
func TestOneTimePasswordsAreJudged(t *testing.T) {
	w := newWorld(t)
	w.account("members", "a@example.com", nil)
	f := func(policy string, settings Settings, status int, code string) {
		t.Helper()
		w.use(nil, byRules())
		id, otp := w.otp("a@example.com")
		w.use(map[string]string{"members": policy}, settings)
		before := w.opened()
		a := w.withOTP(map[string]any{"otpId": id, "password": otp}, "").is(status, code)
		if (w.opened() > before) != (status == 200) || status != 200 && strings.Contains(a.body, "token") {
			t.Errorf("%s: %d sessions opened by %s", policy, w.opened()-before, a.body)
		}
	}
	f("people", byRules(), 200, "")
	f("partial", alone("members"), 403, "operation_not_handled")
	f("", byRules(), 403, "policy_not_loaded")
	w.read(w.ForwardAuth(t.Context(), w.passage(ask{}), "POST", "members", "request-otp")).is(403, "policy_not_loaded")
}

// Two factors: the first is answered with what to bring to the second.
func TestTwoFactors(t *testing.T) {
	w := newWorld(t)
	w.use(nil, Settings{Recheck: time.Hour})
	w.account("members", "two.factors@example.com", nil)
	first := w.signIn("members", "two.factors@example.com", password).is(401, "")
	if w.opened() != 0 || strings.Contains(first.body, "token") || first.text("mfaId") == "" {
		t.Fatalf("one factor opened %d sessions: %s", w.opened(), first.body)
	}
	id, code := w.otp("two.factors@example.com")
	a := w.withOTP(map[string]any{"otpId": id, "password": code, "mfaId": first.text("mfaId")}, "").is(200, "")
	if w.opened() != 1 {
		t.Errorf("%d sessions", w.opened())
	}
	w.refresh("members", a.text("token"), "").is(200, "")
	// The same factor twice is one.
	again := w.signIn("members", "two.factors@example.com", password).is(401, "").text("mfaId")
	p := w.passage(ask{body: map[string]any{"identity": "two.factors@example.com", "password": password, "mfaId": again}})
	w.read(w.SignIn(t.Context(), p, "members", "auth-with-password")).is(400, "")
}
