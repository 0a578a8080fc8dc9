package rawjson

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
)

func TestWithout(t *testing.T) {
	f := func(in, drop, want string) {
		t.Helper()
		got, err := Without(nil, []byte(in), func(key string) bool { return key == drop })
		if err != nil || string(got) != want {
			t.Fatalf("Without(%s, %s) = %s, %v; want %s", in, drop, got, err, want)
		}
	}
	f(`{"a":1,"b":{"a":[2,"}"]},"c":"\"a\""}`, "a", `{"b":{"a":[2,"}"]},"c":"\"a\""}`)
	f(` { "a" : 1 , "b" : null } `, "b", `{"a":1}`)
	f(`{"\u0061":1,"b":2}`, "a", `{"b":2}`)
	f(`{}`, "a", `{}`)
	f(`{"a":1}`, "a", `{}`)
	f(`{"é\n":1}`, "a", `{"é\n":1}`)
}

func TestMalformed(t *testing.T) {
	f := func(in string) {
		t.Helper()
		if err := Fields([]byte(in), func(string, []byte) error { return nil }); !errors.Is(err, ErrSyntax) {
			t.Fatalf("Fields(%q) = %v; want ErrSyntax", in, err)
		}
	}
	for _, in := range []string{``, `[]`, `{`, `{"a"`, `{"a":`, `{"a":}`, `{"a":1`, `{"a":1,`, `{"a":[1}`, `{"a":"x}`, `{"a":1}x`, `{a:1}`, `{"a" 1}`} {
		f(in)
	}
}

func TestItems(t *testing.T) {
	var got []string
	err := Items([]byte(` [1, {"a":[]} ,"x,]" ] `), func(v []byte) error { got = append(got, string(v)); return nil })
	if err != nil || !reflect.DeepEqual(got, []string{"1", `{"a":[]}`, `"x,]"`}) {
		t.Fatalf("Items = %q, %v", got, err)
	}
}

// FuzzAgreesWithEncodingJSON: what is valid for encoding/json is cut at the
// same places, and nothing panics on the rest.
func FuzzAgreesWithEncodingJSON(f *testing.F) {
	for _, s := range []string{`{"a":1,"b":[{}]}`, `{"a\\":"\\\""}`, `{"a":{"b":{"c":"}"}}}`, `{"":-1e5}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		kept, err := Without(nil, in, func(string) bool { return false })
		var want map[string]any
		if json.Unmarshal(in, &want) != nil || want == nil {
			return
		}
		var got map[string]any
		if err != nil || json.Unmarshal(kept, &got) != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q became %q, %v", in, kept, err)
		}
	})
}
