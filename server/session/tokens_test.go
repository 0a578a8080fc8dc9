package session

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var (
	keyA = []byte("0123456789abcdef0123456789abcdef")
	keyB = []byte("fedcba9876543210fedcba9876543210")
)

func newTokens(t testing.TB, secrets ...[]byte) *Tokens {
	t.Helper()
	tokens, err := NewTokens(secrets)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func minted(t testing.TB, tokens *Tokens, s Session) string {
	t.Helper()
	token, err := tokens.Mint(s)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func signed(t testing.TB, method jwt.SigningMethod, key any, c jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestMintedTokenIsPocketBases(t *testing.T) {
	s := sample()
	s.ID = "SID"
	tokens := newTokens(t, keyA)
	token := minted(t, tokens, s)
	var got map[string]any
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint(map[string]any{"id": s.RecordID, "type": "auth", "collectionId": s.CollectionID,
		"exp": float64(s.Expires.Unix()), "refreshable": true, "sid": "SID"})
	if fmt.Sprint(got) != want {
		t.Errorf("claims %v, want %v", got, want)
	}
	for range 3 { // read, then remembered
		if id, err := tokens.Verify(token); id != "SID" || err != nil {
			t.Errorf("verified as %q: %v", id, err)
		}
	}
}

func TestVerifyFailure(t *testing.T) {
	tokens := newTokens(t, keyA)
	s := sample()
	s.ID = "SID"
	good := minted(t, tokens, s)
	parts := strings.Split(good, ".")
	later := time.Now().Add(time.Hour).Unix()
	full := func() jwt.MapClaims {
		return jwt.MapClaims{"id": "u1", "type": "auth", "collectionId": "c1", "exp": later, "refreshable": true, "sid": "SID"}
	}
	with := func(key string, value any) jwt.MapClaims {
		c := full()
		c[key] = value
		return c
	}
	without := func(key string) jwt.MapClaims {
		c := full()
		delete(c, key)
		return c
	}
	// forged puts another payload or header under a signature by the right key.
	forged := func(header, payload string) string {
		text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
		sig, err := jwt.SigningMethodHS256.Sign(text, keyA)
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
		id, err := tokens.Verify(token)
		if id != "" || !errors.Is(err, ErrToken) {
			t.Errorf("%s: verified as %q, error %v", name, id, err)
		}
		if err != nil && len(token) > 40 && strings.Contains(err.Error(), token[38:]) {
			t.Errorf("%s: the error tells the token: %v", name, err)
		}
	}
	if id, err := tokens.Verify(signed(t, jwt.SigningMethodHS256, keyA, full())); id != "SID" || err != nil {
		t.Fatalf("the claims that the cases below spoil are not good: %q, %v", id, err)
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

	f("alg none", signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, full()))
	f("alg none, signed", forged(`{"alg":"none","typ":"JWT"}`, `{"type":"auth","sid":"SID","exp":9999999999}`))
	f("alg in other case", forged(`{"alg":"hs256","typ":"JWT"}`, `{"type":"auth","sid":"SID","exp":9999999999}`))
	f("a header more", forged(`{"alg":"HS256","kid":"../../etc/passwd","typ":"JWT"}`, `{"type":"auth","sid":"SID","exp":9999999999}`))
	f("HS512", signed(t, jwt.SigningMethodHS512, keyA, full()))
	f("another key", signed(t, jwt.SigningMethodHS256, keyB, full()))
	f("an empty key", signed(t, jwt.SigningMethodHS256, []byte{}, full()))

	f("PocketBase's own", signed(t, jwt.SigningMethodHS256, []byte("its tokenKey and the collection's secret"), without("sid")))
	f("PocketBase's claims under our key", signed(t, jwt.SigningMethodHS256, keyA, without("sid")))
	f("no expiry", signed(t, jwt.SigningMethodHS256, keyA, without("exp")))
	f("expiry zero", signed(t, jwt.SigningMethodHS256, keyA, with("exp", 0)))
	f("expired", signed(t, jwt.SigningMethodHS256, keyA, with("exp", time.Now().Add(-time.Second).Unix())))
	f("expired before 1970", signed(t, jwt.SigningMethodHS256, keyA, with("exp", -1)))
	f("expiry a text", signed(t, jwt.SigningMethodHS256, keyA, with("exp", "9999999999")))
	f("expiry beyond numbers", signed(t, jwt.SigningMethodHS256, keyA, with("exp", 1e300)))
	f("type file", signed(t, jwt.SigningMethodHS256, keyA, with("type", "file")))
	f("no type", signed(t, jwt.SigningMethodHS256, keyA, without("type")))
	f("type a number", signed(t, jwt.SigningMethodHS256, keyA, with("type", 1)))
	f("no session", signed(t, jwt.SigningMethodHS256, keyA, with("sid", "")))
	f("session null", signed(t, jwt.SigningMethodHS256, keyA, with("sid", nil)))
	f("session a list", signed(t, jwt.SigningMethodHS256, keyA, with("sid", []string{"SID"})))
	for _, payload := range []string{"null", "[]", `"x"`, "1", "", "{}", "{", " null ", `{"type":"auth"`} {
		f("payload "+payload, forged(hs256, payload))
	}
}

func TestSecretsRotate(t *testing.T) {
	s := sample()
	s.ID = "SID"
	old, both, fresh := newTokens(t, keyA), newTokens(t, keyB, keyA), newTokens(t, keyB)
	f := func(verifier *Tokens, token string, good bool) {
		t.Helper()
		if _, err := verifier.Verify(token); good != (err == nil) || err != nil && !errors.Is(err, jwt.ErrTokenSignatureInvalid) {
			t.Errorf("verified: %v, want %v", err, good)
		}
	}
	f(both, minted(t, old, s), true)
	f(both, minted(t, fresh, s), true)
	f(fresh, minted(t, both, s), true)
	f(old, minted(t, both, s), false)
	f(fresh, minted(t, old, s), false)
}

func TestTokenExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tokens := newTokens(t, keyA)
		s := sample()
		s.ID, s.Expires = "SID", time.Now().Add(time.Minute)
		token := minted(t, tokens, s)
		if _, err := tokens.Verify(token); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if _, err := tokens.Verify(token); !errors.Is(err, jwt.ErrTokenExpired) {
			t.Errorf("a remembered token that expired: %v", err)
		}
	})
}

func TestFileTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tokens := newTokens(t, keyA)
		token, err := tokens.MintFile("SID")
		if err != nil {
			t.Fatal(err)
		}
		if id, err := tokens.VerifyFile(token); id != "SID" || err != nil {
			t.Errorf("verified as %q: %v", id, err)
		}
		s := sample()
		s.ID = "SID"
		if _, err := tokens.Verify(token); !errors.Is(err, ErrToken) {
			t.Errorf("a file token signs in: %v", err)
		}
		if _, err := tokens.VerifyFile(minted(t, tokens, s)); !errors.Is(err, ErrToken) {
			t.Errorf("an auth token opens files: %v", err)
		}
		time.Sleep(fileLifetime)
		if _, err := tokens.VerifyFile(token); !errors.Is(err, jwt.ErrTokenExpired) {
			t.Errorf("after two minutes: %v", err)
		}
	})
}

func TestNewTokensFailure(t *testing.T) {
	f := func(want string, secrets ...[]byte) {
		t.Helper()
		if _, err := NewTokens(secrets); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	f("need a secret")
	f("at least 32 bytes", keyA[:31])
	f("at least 32 bytes", keyA, nil)
}

// TestPayloadSuitsAtob mints tokens for sessions of every kind and decodes them
// as a browser's atob does: plain base64, in which - and _ are errors.
func TestPayloadSuitsAtob(t *testing.T) {
	tokens := newTokens(t, keyA)
	letters := []rune("abcXYZ019-_>?~<&\x7f\x00\"\\/é€😀\u2028\ufffd")
	word := func() string {
		r := make([]rune, rand.IntN(24))
		for i := range r {
			r[i] = letters[rand.IntN(len(letters))]
		}
		return string(r)
	}
	for range 10_000 {
		s := Session{ID: word(), RecordID: word(), CollectionID: word(),
			Expires: time.Unix(rand.Int64N(1<<40), 0), Refreshable: rand.IntN(2) == 0}
		payload := strings.Split(minted(t, tokens, s), ".")[1]
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
		want := claims{s.RecordID, typeAuth, s.CollectionID, s.Expires.Unix(), got.Refreshable, s.ID}
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

func FuzzVerify(f *testing.F) {
	tokens := newTokens(f, keyA)
	s := sample()
	s.ID = "SID"
	good := minted(f, tokens, s)
	f.Add(good)
	f.Add(good[:len(good)-2])
	f.Fuzz(func(t *testing.T, token string) {
		if id, err := tokens.Verify(token); err == nil && token != good {
			t.Errorf("%q verified as %q", token, id)
		}
	})
}
