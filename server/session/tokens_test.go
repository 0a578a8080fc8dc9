package session

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// signed signs claims with the key of a session's tokens, or with any other.
func signed(t testing.TB, method jwt.SigningMethod, key any, c jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func keyOf(t testing.TB, secret []byte, s Session, kind string, generation int64) []byte {
	t.Helper()
	k, err := key(secret, s.Seed, kind, generation)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func payload(t testing.TB, token string) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTokenIsPocketBases(t *testing.T) {
	m := open(t)
	s := created(t, m, sample())
	token := minted(t, m, s)
	var got map[string]any
	if err := json.Unmarshal([]byte(payload(t, token)), &got); err != nil {
		t.Fatal(err)
	}
	if iat, _ := got["iat"].(float64); time.Since(time.Unix(int64(iat), 0)) > time.Minute {
		t.Errorf("issued at %v", got["iat"])
	}
	delete(got, "iat")
	want := fmt.Sprint(map[string]any{"id": s.RecordID, "type": "auth", "collectionId": s.CollectionID,
		"exp": float64(s.Expires.Unix()), "refreshable": true, "sid": s.ID, "gen": 0.0})
	if fmt.Sprint(got) != want {
		t.Errorf("claims %v, want %v", got, want)
	}
	for range 3 { // read, then remembered
		if got, _, err := m.Identify(t.Context(), rules, token); got.ID != s.ID || err != nil {
			t.Errorf("it speaks for %v: %v", got, err)
		}
	}
}

// A token that is not as it was issued speaks for nobody, and ends no session.
func TestBadTokens(t *testing.T) {
	m := open(t)
	s, theirs := created(t, m, sample()), created(t, m, owned("theirs"))
	roll(t, m, s.ID, 0)
	good := minted(t, m, s) // of generation 0, which lives
	parts := strings.Split(good, ".")
	mine := keyOf(t, secretA, s, typeAuth, 0)
	claims := func(change func(jwt.MapClaims)) jwt.MapClaims {
		c := jwt.MapClaims{}
		d := json.NewDecoder(strings.NewReader(payload(t, good)))
		d.UseNumber()
		if err := d.Decode(&c); err != nil {
			t.Fatal(err)
		}
		change(c)
		return c
	}
	with := func(name string, value any) jwt.MapClaims {
		return claims(func(c jwt.MapClaims) { c[name] = value })
	}
	without := func(name string) jwt.MapClaims { return claims(func(c jwt.MapClaims) { delete(c, name) }) }
	// forged puts another payload or header under a signature by the right key.
	forged := func(header, payload string) string {
		text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
		sig, err := jwt.SigningMethodHS256.Sign(text, mine)
		if err != nil {
			t.Fatal(err)
		}
		return text + "." + base64.RawURLEncoding.EncodeToString(sig)
	}
	const hs256 = `{"alg":"HS256","typ":"JWT"}`
	last := good[len(good)-1:]
	other := "A"
	if last == "A" {
		other = "E"
	}

	f := func(name, token string) {
		t.Helper()
		got, _, err := m.Identify(t.Context(), rules, token)
		if got.ID != "" || !errors.Is(err, ErrToken) && !errors.Is(err, ErrGone) {
			t.Errorf("%s: speaks for %v, error %v", name, got, err)
		}
		if err != nil && len(token) > 40 && strings.Contains(err.Error(), token[38:]) {
			t.Errorf("%s: the error tells the token: %v", name, err)
		}
	}
	if got, _, err := m.Identify(t.Context(), rules, forged(hs256, payload(t, good))); got.ID != s.ID || err != nil {
		t.Fatalf("the claims that the cases below spoil are not good: %v, %v", got, err)
	}
	f("nothing", "")
	f("dots", "..")
	f("many dots", strings.Repeat(".", 1000))
	f("a word", "token")
	f("bytes", string([]byte{0, 0xff, '.', 0xfe, '.', 0}))
	f("one part", parts[0])
	f("two parts", parts[0]+"."+parts[1])
	f("four parts", good+".x")
	f("no signature", parts[0]+"."+parts[1]+".")
	f("a bearer", "Bearer "+good)
	f("blanks", " "+good+" ")
	f("a newline", good+"\n")
	f("padding", good+"=")
	f("huge", parts[0]+"."+strings.Repeat("eyJ", 1<<20)+"."+parts[2])
	f("longer than any", parts[0]+"."+parts[1]+strings.Repeat("A", maxToken)+"."+parts[2])
	f("last letter", good[:len(good)-1]+other)
	for i := range len(good) {
		f(fmt.Sprintf("truncated to %d", i), good[:i])
	}
	for i := range 50 {
		at := rand.IntN(len(good))
		spoiled := good[:at] + string(good[at]^1) + good[at+1:]
		f(fmt.Sprintf("spoiled %d at %d", i, at), spoiled)
	}

	f("alg none", signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims(func(jwt.MapClaims) {})))
	f("alg none, signed", forged(`{"alg":"none","typ":"JWT"}`, payload(t, good)))
	f("alg in other case", forged(`{"alg":"hs256","typ":"JWT"}`, payload(t, good)))
	f("a header more", forged(`{"alg":"HS256","kid":"../../etc/passwd","typ":"JWT"}`, payload(t, good)))
	f("HS512", signed(t, jwt.SigningMethodHS512, mine, claims(func(jwt.MapClaims) {})))

	everything := claims(func(jwt.MapClaims) {})
	f("the secret itself as key", signed(t, jwt.SigningMethodHS256, secretA, everything))
	f("an empty key", signed(t, jwt.SigningMethodHS256, []byte{}, everything))
	f("another secret", signed(t, jwt.SigningMethodHS256, keyOf(t, secretB, s, typeAuth, 0), everything))
	f("another session's key", signed(t, jwt.SigningMethodHS256, keyOf(t, secretA, theirs, typeAuth, 0), everything))
	f("another session's name", signed(t, jwt.SigningMethodHS256, mine, with("sid", theirs.ID)))
	f("another generation's key", signed(t, jwt.SigningMethodHS256, keyOf(t, secretA, s, typeAuth, 1), everything))
	f("another generation's name", signed(t, jwt.SigningMethodHS256, mine, with("gen", 1)))
	f("a generation too new", signed(t, jwt.SigningMethodHS256, keyOf(t, secretA, s, typeAuth, 2), with("gen", 2)))
	f("a generation too old", signed(t, jwt.SigningMethodHS256, keyOf(t, secretA, s, typeAuth, -1), with("gen", -1)))
	f("a generation in between", forged(hs256, strings.Replace(payload(t, good), `"gen":0`, `"gen":0.5`, 1)))
	f("the key of files", signed(t, jwt.SigningMethodHS256, keyOf(t, secretA, s, typeFile, 0), everything))

	f("PocketBase's own", signed(t, jwt.SigningMethodHS256, []byte("its tokenKey and the collection's secret"), without("sid")))
	f("PocketBase's claims under our key", signed(t, jwt.SigningMethodHS256, mine, without("sid")))
	f("no expiry", signed(t, jwt.SigningMethodHS256, mine, without("exp")))
	f("expiry zero", signed(t, jwt.SigningMethodHS256, mine, with("exp", 0)))
	f("expired", signed(t, jwt.SigningMethodHS256, mine, with("exp", time.Now().Add(-time.Second).Unix())))
	f("expired before 1970", signed(t, jwt.SigningMethodHS256, mine, with("exp", -1)))
	f("expiry a text", signed(t, jwt.SigningMethodHS256, mine, with("exp", "9999999999")))
	f("expiry beyond numbers", signed(t, jwt.SigningMethodHS256, mine, with("exp", 1e300)))
	f("not yet valid", signed(t, jwt.SigningMethodHS256, mine, with("nbf", time.Now().Add(time.Hour).Unix())))
	f("for another audience", signed(t, jwt.SigningMethodHS256, mine, with("aud", "another")))
	f("type file", signed(t, jwt.SigningMethodHS256, mine, with("type", "file")))
	f("no type", signed(t, jwt.SigningMethodHS256, mine, without("type")))
	f("type a number", signed(t, jwt.SigningMethodHS256, mine, with("type", 1)))
	f("no session", signed(t, jwt.SigningMethodHS256, mine, with("sid", "")))
	f("session null", signed(t, jwt.SigningMethodHS256, mine, with("sid", nil)))
	f("session a list", signed(t, jwt.SigningMethodHS256, mine, with("sid", []string{s.ID})))
	f("another order", signed(t, jwt.SigningMethodHS256, mine, everything)) // jwt sorts them
	for _, more := range []string{`"exp":1,`, `"sid":"x",`, `"SID":"x",`, `"id":"another",`, `"gen":0,`} {
		f("twice "+more, forged(hs256, "{"+more+payload(t, good)[1:]))
	}
	for _, text := range []string{"null", "[]", `"x"`, "1", "", "{}", "{", " null ", `{"type":"auth"`, payload(t, good) + " ", payload(t, good) + "{}"} {
		f("payload "+text, forged(hs256, text))
	}
	has(t, m, true, s.ID, theirs.ID)
}

func TestSecretsRotate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	var s Session
	with := func(what func(*Manager), secrets ...[]byte) {
		t.Helper()
		m := opened(t, path, secrets...)
		what(m)
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var before, after string
	f := func(token *string, good bool) func(*Manager) {
		return func(m *Manager) {
			t.Helper()
			if _, _, err := m.Identify(t.Context(), rules, *token); good != (err == nil) || err != nil && !errors.Is(err, jwt.ErrTokenSignatureInvalid) {
				t.Errorf("verified: %v, want %v", err, good)
			}
		}
	}
	with(func(m *Manager) { s = created(t, m, sample()); before = minted(t, m, s) }, secretA)
	with(f(&before, true), secretB, secretA)
	with(func(m *Manager) { after = roll(t, m, s.ID, 0) }, secretB, secretA)
	with(f(&after, true), secretB)
	with(f(&before, false), secretB)
	with(f(&after, false), secretA)
}

func TestTokenExpires(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	synctest.Test(t, func(t *testing.T) {
		m := opened(t, path)
		defer func() { _ = m.Close() }()
		s := sample()
		s.Expires = time.Now().Add(time.Minute)
		token := minted(t, m, created(t, m, s))
		if _, _, err := m.Identify(t.Context(), rules, token); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if _, _, err := m.Identify(t.Context(), rules, token); err == nil {
			t.Error("a remembered token that expired speaks for its session")
		}
	})
}

func TestFileTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	synctest.Test(t, func(t *testing.T) {
		m := opened(t, path)
		defer func() { _ = m.Close() }()
		s := created(t, m, sample())
		token, err := m.MintFile(s)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := m.IdentifyFile(t.Context(), token); got.ID != s.ID || err != nil {
			t.Errorf("it speaks for %v: %v", got, err)
		}
		if _, _, err := m.Identify(t.Context(), rules, token); !errors.Is(err, ErrToken) {
			t.Errorf("a file token signs in: %v", err)
		}
		if _, err := m.IdentifyFile(t.Context(), minted(t, m, s)); !errors.Is(err, ErrToken) {
			t.Errorf("an auth token opens files: %v", err)
		}
		time.Sleep(fileLifetime)
		if _, err := m.IdentifyFile(t.Context(), token); !errors.Is(err, jwt.ErrTokenExpired) {
			t.Errorf("after two minutes: %v", err)
		}
		fresh, err := m.MintFile(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.End(t.Context(), s.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := m.IdentifyFile(t.Context(), fresh); !errors.Is(err, ErrGone) {
			t.Errorf("after its session: %v", err)
		}
	})
}

func TestNewTokensFailure(t *testing.T) {
	f := func(want string, secrets ...[]byte) {
		t.Helper()
		if _, err := newTokens(secrets); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	f("need a secret")
	f("at least 32 bytes", secretA[:31])
	f("at least 32 bytes", secretA, nil)
}

// TestPayloadSuitsAtob mints tokens for sessions of every kind and decodes them
// as a browser's atob does: plain base64, in which - and _ are errors.
func TestPayloadSuitsAtob(t *testing.T) {
	tokens, err := newTokens([][]byte{secretA})
	if err != nil {
		t.Fatal(err)
	}
	letters := []rune("abcXYZ019-_>?~<&\x7f\x00\"\\/é€😀\u2028\ufffd")
	word := func() string {
		r := make([]rune, rand.IntN(24))
		for i := range r {
			r[i] = letters[rand.IntN(len(letters))]
		}
		return string(r)
	}
	for range 10_000 {
		s := Session{ID: word(), RecordID: word(), CollectionID: word(), Generation: rand.Int64(),
			Expires: time.Unix(rand.Int64N(1<<40), 0), Refreshable: rand.IntN(2) == 0}
		token, err := tokens.mint(s)
		if err != nil {
			t.Fatal(err)
		}
		payload := strings.Split(token, ".")[1]
		if strings.ContainsAny(payload, "-_") {
			t.Fatalf("%+q: the payload %s has - or _", s.RecordID, payload)
		}
		text, err := base64.StdEncoding.DecodeString(payload + strings.Repeat("=", (4-len(payload)%4)%4))
		if err != nil {
			t.Fatal(err)
		}
		var got claims
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		want := claims{s.RecordID, typeAuth, s.CollectionID, s.Expires.Unix(), got.Refreshable, s.ID, s.Generation, got.Issued}
		if got != want || *got.Refreshable != s.Refreshable {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	}
}

func TestRememberedTokensAreBounded(t *testing.T) {
	var v verified
	in := time.Now().Add(time.Hour).Unix()
	now := time.Now()
	for i := range 3 * generation {
		v.put(fmt.Sprint(i), claims{Expires: in})
		if _, ok := v.get("0", now); !ok {
			t.Fatalf("a token in use was forgotten after %d others", i)
		}
	}
	if n := len(v.recent) + len(v.old); n > 2*generation {
		t.Errorf("%d are remembered", n)
	}
	if _, ok := v.get("1", now); ok {
		t.Error("a token out of use is remembered")
	}
}

func FuzzIdentify(f *testing.F) {
	m := open(f)
	good := minted(f, m, created(f, m, sample()))
	f.Add(good)
	f.Add(good[:len(good)-2])
	f.Fuzz(func(t *testing.T, token string) {
		if s, _, err := m.Identify(t.Context(), rules, token); err == nil && token != good {
			t.Errorf("%q speaks for %v", token, s)
		}
	})
}
