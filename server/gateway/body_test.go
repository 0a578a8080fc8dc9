package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/hapta/hapta/server/apierr"
)

func passageWith(contentType, body string) *Passage {
	return &Passage{Header: sent(http.Header{"Content-Type": {contentType}}), Body: strings.NewReader(body)}
}

func TestReadBody(t *testing.T) {
	f := func(contentType, sent string, want map[string]any) {
		t.Helper()
		b, err := readBody(passageWith(contentType, sent), 1000)
		if err != nil {
			t.Fatalf("%s: %v", sent, err)
		}
		if len(b.values)+len(want) > 0 && !reflect.DeepEqual(b.values, want) {
			t.Fatalf("%s: read %#v; want %#v", sent, b.values, want)
		}
	}
	f("application/json", ``, nil)
	f("application/json; charset=utf-8", `{"a":1,"b+":["x"],"c":null}`, map[string]any{"a": 1.0, "b+": []any{"x"}, "c": nil})
	f("application/json", `{"a":"\ud83d\ude00 \\ud800"}`, map[string]any{"a": `😀 \ud800`})
	f("application/x-www-form-urlencoded", `a=1&b=x&b=y&c=true`, map[string]any{"a": 1.0, "b": []any{"x", "y"}, "c": true})
	f("application/x-www-form-urlencoded", `a=1&@jsonPayload={"b":"1"}`, map[string]any{"a": 1.0, "b": "1"})
	f("text/plain", ``, nil)
}

func TestReadBodyRefuses(t *testing.T) {
	f := func(contentType, sent string, want apierr.Code, detail string) {
		t.Helper()
		_, err := readBody(passageWith(contentType, sent), 100)
		var e *apierr.Error
		if !errors.As(err, &e) || e.Code != want || !strings.Contains(e.Detail, detail) {
			t.Fatalf("%.60s: %v; want %s with %q", sent, err, want, detail)
		}
	}
	const j, form = "application/json", "application/x-www-form-urlencoded"
	f(j, `{"owner":"me","owner":"victim"}`, apierr.DuplicateField, `"owner"`)
	f(j, `{"owner":"me","OWNER":"victim"}`, apierr.DuplicateField, `"OWNER"`)
	f(j, `{"owner":"me","\u006fwner":"victim"}`, apierr.DuplicateField, `"owner"`)
	f(form, `a=1&@jsonPayload={"A":2}`, apierr.DuplicateField, `"A"`)
	f(form, `@jsonPayload={"a":1}&@jsonPayload={"a":2}`, apierr.DuplicateField, `"a"`)
	f(j, `{"a":"\ud800"}`, apierr.BadBody, "surrogate")
	f(j, `{"a":"\ud800\u0041"}`, apierr.BadBody, "surrogate")
	f(j, `{"a":"\udc00\ud800"}`, apierr.BadBody, "surrogate")
	f(j, `{"\ud800":1}`, apierr.BadBody, "surrogate")
	f(j, "{\"a\":\"\xff\"}", apierr.BadBody, "UTF-8")
	f(form, "a=%ff", apierr.BadBody, "UTF-8")
	f(j, `{"a":1}{"a":2}`, apierr.BadBody, "not valid JSON")
	f(j, `[1]`, apierr.BadBody, "JSON object")
	f(j, `null`, apierr.BadBody, "JSON object")
	f("text/plain", `a=1`, apierr.BadBody, "application/json")
	f(j, `{"a":"`+strings.Repeat("x", 100)+`"}`, apierr.BodyTooLarge, "100 bytes")
}

func TestMultipartIsCountedAndCleanedUp(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var buf bytes.Buffer
	form := multipart.NewWriter(&buf)
	if err := form.WriteField("title", "x"); err != nil {
		t.Fatal(err)
	}
	part, err := form.CreateFormFile("image", "a.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(make([]byte, maxMemory*3)); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	whole := buf.String()
	spooled := func() int {
		entries, err := os.ReadDir(os.Getenv("TMPDIR"))
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}

	b, err := readBody(passageWith(form.FormDataContentType(), whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	if spooled() != 1 || b.files["image"][0].Size != maxMemory*3 {
		t.Fatalf("%d files spooled, %v", spooled(), b.files)
	}
	b.discard()
	if spooled() != 0 {
		t.Fatal("the spooled upload stays behind")
	}

	_, err = readBody(passageWith(form.FormDataContentType(), whole), int64(len(whole))-1)
	if apierr.From(err).Code != apierr.BodyTooLarge || spooled() != 0 {
		t.Fatalf("one byte over the limit: %v, %d files left", err, spooled())
	}
}

func TestKeysFoldAsTheyEqual(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("aAkK\u212asS\u017fßẞiIıİéÉσςΣǅǄǆ_+-")
	word := func() string {
		out := make([]rune, random.IntN(3))
		for i := range out {
			out[i] = letters[random.IntN(len(letters))]
		}
		return string(out)
	}
	for range 100_000 {
		if a, b := word(), word(); (fold(a) == fold(b)) != strings.EqualFold(a, b) {
			t.Fatalf("%q and %q fold to %q and %q", a, b, fold(a), fold(b))
		}
	}
}

// Each key is looked at once: two by two, this would take minutes.
func TestManyKeys(t *testing.T) {
	var text strings.Builder
	for i := range maxValues - 2 {
		fmt.Fprintf(&text, "%q:1,", fmt.Sprint("key", i))
	}
	for last, want := range map[string]string{`"KEY7":1`: "duplicate_field", `"other":1`: ""} {
		p := &Passage{Header: sent(http.Header{"Content-Type": {"application/json"}}), Body: strings.NewReader("{" + text.String() + last + "}")}
		_, err := readBody(p, 10<<20)
		var e *apierr.Error
		if want == "" && err != nil || want != "" && (!errors.As(err, &e) || string(e.Code) != want) {
			t.Errorf("with %s: %v", last, err)
		}
	}
}
