package gateway

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// Whatever is wrong with a token, who shows it is a guest: on a public read as
// anyone, and nowhere else anyone. No session ends by it.
func TestBadTokensAreGuests(t *testing.T) {
	w := newWorld(t)
	user, good := w.user("a@example.com", nil)
	theirs, other := w.user("b@example.com", nil)
	upstream, err := theirs.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	s, _ := w.session(good)
	parts, others := strings.Split(good, "."), strings.Split(other, ".")
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	with := func(old, new string) string { return part(strings.Replace(string(payload), old, new, 1)) }
	signed := func(key any, method jwt.SigningMethod) string {
		token, err := jwt.NewWithClaims(method, jwt.MapClaims{
			"id": user.Id, "type": "auth", "collectionId": s.CollectionID, "exp": s.Expires.Unix(), "sid": s.ID, "gen": 0, "iat": s.Created.Unix(), "refreshable": true,
		}).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	bad := []string{
		"x", ".", "..", "...", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "\x00", strings.Repeat("x", 10_000),
		parts[0], parts[0] + "." + parts[1], parts[0] + "." + parts[1] + ".", good + ".", good + "A", good[:len(good)-1], " " + good, good + "\n",
		strings.ToUpper(good), strings.Join(others[:2], ".") + "." + parts[2], parts[0] + "." + others[1] + "." + parts[2],
		part(`{"alg":"none","typ":"JWT"}`) + "." + parts[1] + ".", part(`{"alg":"none"}`) + "." + parts[1] + "." + parts[2],
		parts[0] + "." + with(`"gen":0`, `"gen":1`) + "." + parts[2], parts[0] + "." + with(`"gen":0`, `"gen":-1`) + "." + parts[2],
		parts[0] + "." + with(`"type":"auth"`, `"type":"file"`) + "." + parts[2], parts[0] + "." + with(user.Id, theirs.Id) + "." + parts[2],
		parts[0] + "." + with(`"exp":`, `"exp":9`) + "." + parts[2], parts[0] + "." + with(s.ID, "") + "." + parts[2],
		parts[0] + "." + with(`{`, `{"sid":"x",`) + "." + parts[2], parts[0] + "." + part("null") + "." + parts[2],
		signed([]byte(strings.Repeat("k", 32)), jwt.SigningMethodHS256), signed([]byte(s.ID), jwt.SigningMethodHS256), signed(s.Seed, jwt.SigningMethodHS256),
		signed([]byte{}, jwt.SigningMethodHS256), signed(jwt.UnsafeAllowNoneSignatureType, jwt.SigningMethodNone), signed(s.Seed, jwt.SigningMethodHS512),
		upstream[:len(upstream)-2] + "xx", strings.Split(upstream, ".")[0] + "." + parts[1] + ".",
		strings.Join(strings.Split(upstream, ".")[:2], ".") + "." + parts[2], parts[0] + "." + parts[1] + "." + strings.Split(upstream, ".")[2],
	}
	if len(bad) < 40 {
		t.Fatalf("%d cases only", len(bad))
	}
	w.record("plain", map[string]any{"title": "public"})
	for _, settings := range []Settings{byRules(), accepting(byRules())} {
		w.use(nil, settings)
		guest := w.ask(ask{op: list, collection: "plain"}).is(http.StatusOK, "")
		for _, token := range bad {
			if a := w.ask(ask{op: list, collection: "plain", token: token}); a.status != guest.status || a.body != guest.body {
				t.Errorf("%q reads what is public as %d %s", token, a.status, a.body)
			}
			if a := w.refresh("users", token, ""); a.status != http.StatusUnauthorized {
				t.Errorf("%q is refreshed as %d %s", token, a.status, a.body)
			}
			if w.signedIn(token, user.Id) || w.signedIn(token, theirs.Id) {
				t.Errorf("%q signs in", token)
			}
		}
	}
	if !w.signedIn(good, user.Id) || !w.signedIn(other, theirs.Id) {
		t.Error("a session has ended")
	}
	if _, err := app.FindAuthRecordByToken(good); err == nil {
		t.Error("PocketBase takes Hapta's token")
	}
	if _, ok := w.session(upstream); ok {
		t.Error("PocketBase's own token is a session's")
	}
}
