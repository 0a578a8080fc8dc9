package gateway

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hapta/hapta/server/session"
)

func accepting(s Settings) Settings {
	s.AcceptTokens = true
	return s
}

// speaksFor is the id of the record that a token is taken for; empty for a guest's.
func (w *world) speaksFor(token string) string {
	w.Helper()
	caller, err := w.identify(w.Context(), w.snapshot.Load(), &Passage{Token: token, Flight: &Flight{}})
	if err != nil {
		w.Fatal(err)
	}
	if caller == nil {
		return ""
	}
	return caller.RecordID
}

// A user's own token of PocketBase's speaks for them under the same policies,
// where that is asked for, and none but a user's.
func TestPocketBaseTokensAreAccepted(t *testing.T) {
	w := newWorld(t)
	user := w.account("users", "a@example.com", map[string]any{"private": true, "bio": "told"})
	token, err := user.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	_, root, _ := w.superuser("second@example.com")
	file, err := user.NewFileToken()
	if err != nil {
		t.Fatal(err)
	}
	expired, err := user.NewStaticAuthToken(time.Nanosecond)
	if err != nil {
		t.Fatal(err)
	}
	for _, settings := range []Settings{byRules(), alone("users")} {
		w.use(map[string]string{"users": "people"}, settings)
		if w.speaksFor(token) != "" {
			t.Error("a token is accepted unasked")
		}
		w.use(map[string]string{"users": "people"}, accepting(settings))
		if w.speaksFor(token) != user.Id || w.speaksFor("Bearer "+token) != user.Id {
			t.Error("the token does not speak for its user")
		}
		if a := w.ask(ask{op: view, collection: "users", id: user.Id, token: token}).is(200, ""); strings.Contains(a.body, "told") {
			t.Errorf("the policy is not asked: %s", a.body)
		}
		forged := token[:strings.LastIndex(token, ".")+1] + "AAAA"
		for _, other := range []string{forged, file, expired, root, "nonsense"} {
			if id := w.speaksFor(other); id != "" {
				t.Errorf("%.30q… is taken for %s", other, id)
			}
		}
	}
}

// A token is proved once in a while, and a change made here counts at once.
func TestAcceptedTokensAreProved(t *testing.T) {
	w := newWorld(t)
	w.use(nil, accepting(byRules()))
	user := w.account("users", "a@example.com", nil)
	token, err := user.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	asked := func(token string) (times int) {
		for _, a := range seenByDatabase(func() {
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() { w.read(w.FileToken(t.Context(), w.passage(ask{token: token}))) })
			}
			wg.Wait()
		}) {
			if strings.HasSuffix(a.Path, "/auth-refresh") {
				times++
			}
		}
		return times
	}
	if n := asked(token); n < 1 || n > 4 {
		t.Errorf("asked %d times for the first", n)
	}
	if n := asked(token); n != 0 {
		t.Errorf("asked %d times for one that is believed", n)
	}
	w.ask(ask{op: update, collection: "users", id: user.Id, token: token, body: map[string]any{
		"password": "another password", "passwordConfirm": "another password", "oldPassword": password,
	}}).is(200, "")
	if w.signedIn(token, user.Id) {
		t.Error("a token from before the new password is believed")
	}
	w.use(nil, accepting(Settings{})) // asked at every use
	if token, err = w.stored("users", user.Id).NewAuthToken(); err != nil {
		t.Fatal(err)
	}
	if !w.signedIn(token, user.Id) {
		t.Error("a new token is not accepted")
	}
	if err := app.Delete(w.stored("users", user.Id)); err != nil {
		t.Fatal(err)
	}
	if w.speaksFor(token) != "" {
		t.Error("the token of a deleted user is accepted")
	}
}

// spellings are other texts that base64 reads as the same token: the last letter of
// 32 bytes has two bits that mean nothing.
func spellings(token string) (all []string) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	head, last := token[:len(token)-1], strings.IndexByte(letters, token[len(token)-1])
	for i := range 4 {
		if other := head + letters[last&^3|i:last&^3|i+1]; other != token {
			all = append(all, other)
		}
	}
	return append(all, token+"\n", head+"\r"+token[len(head):])
}

func TestAcceptedTokensAreExchanged(t *testing.T) {
	w := newWorld(t)
	w.use(map[string]string{"users": "people"}, accepting(byRules()))
	user := w.account("users", "a@example.com", nil)
	token, err := user.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	other, err := user.NewStaticAuthToken(time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	f := func(token string, refreshable bool) {
		t.Helper()
		before, _ := readUpstreamToken(token)
		mine := w.refresh("users", token, "").is(200, "").text("token")
		s, ok := w.session(mine)
		if !ok || s.Accepted || s.Refreshable != refreshable || !refreshable && !s.Expires.Equal(before.ExpiresAt.Time) {
			t.Errorf("the session is %#v", s)
		}
		if w.signedIn(token, user.Id) {
			t.Error("a spent token speaks for its user")
		}
		for _, spelling := range spellings(token) {
			w.refresh("users", spelling, "").is(401, "")
			if w.signedIn(spelling, user.Id) {
				t.Errorf("a spent token speaks for its user, spelt %q", spelling)
			}
		}
		if a := w.refresh("users", token, "").is(401, ""); a.body != w.refresh("users", "", "").body {
			t.Errorf("a spent token is told %s", a.body)
		}
		if again := w.refresh("users", mine, "").is(200, "").text("token"); !w.signedIn(again, user.Id) {
			t.Error("the session does not go on")
		}
	}
	f(token, true)
	f(other, false)
	if w.opened() != 2 {
		t.Errorf("%d sessions", w.opened())
	}
	user.Set("role", "banned") // refused at the exchange: nothing opens, nothing is spent
	if err := app.Save(user); err != nil {
		t.Fatal(err)
	}
	if token, err = user.NewStaticAuthToken(2 * time.Hour); err != nil {
		t.Fatal(err)
	}
	w.refresh("users", token, "").is(403, "banned")
	if spent, err := w.sessions.Spent(t.Context(), session.TokenID(token)); spent || err != nil {
		t.Error("a refused exchange spends the token")
	}
}

// Who signs out with a token of PocketBase's own is signed out here.
func TestAcceptedTokensAreEnded(t *testing.T) {
	w := newWorld(t)
	w.use(nil, accepting(byRules()))
	user := w.account("users", "a@example.com", nil)
	ends := map[string]func(*Passage) (*Response, error){
		"signs out":    func(p *Passage) (*Response, error) { return w.EndSession(t.Context(), p, "current") },
		"ends all":     func(p *Passage) (*Response, error) { return w.EndSessions(t.Context(), p, false) },
		"the operator": func(*Passage) (*Response, error) { return w.EndSessionsOf(t.Context(), of("users", user.Id)) },
	}
	for name, end := range ends {
		token, err := user.NewStaticAuthToken(time.Hour + time.Duration(len(name))*time.Minute) // each another
		if err != nil {
			t.Fatal(err)
		}
		if w.speaksFor(token) != user.Id {
			t.Fatalf("%s: the token is not accepted", name)
		}
		if a := w.read(end(w.passage(ask{token: token}))); a.status >= 300 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if w.speaksFor(token) != "" {
			t.Errorf("%s: the token is taken all the same", name)
		}
	}
}

// Protected files by the token of one who has no session yet.
func TestFileTokensForAcceptedTokens(t *testing.T) {
	w := newWorld(t)
	w.use(nil, accepting(byRules()))
	member := w.account("members", "b@example.com", map[string]any{"diary": upload(t, "diary.txt", "dear diary")})
	token, err := member.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	file := w.read(w.FileToken(t.Context(), w.passage(ask{token: token}))).is(200, "").text("token")
	get := func() answer {
		t.Helper()
		p := w.passage(ask{query: query("token", file)})
		return w.read(w.File(t.Context(), p, http.MethodGet, "members", member.Id, member.GetString("diary")))
	}
	if a := get().is(200, ""); a.body != "dear diary" {
		t.Errorf("the file holds %q", a.body)
	}
	if w.speaksFor(file) != "" {
		t.Error("a file token signs in")
	}
	w.refresh("members", token, "").is(200, "")
	get().is(404, "") // the token behind it is spent
}
