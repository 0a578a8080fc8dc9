package policy

import (
	"strings"
	"testing"

	"github.com/hapta/hapta/abi"
)

func TestParseManifest(t *testing.T) {
	m, err := parseManifest([]byte(`{"name":"posts","operations":["list","view","delete"],"codes":["a_b"],"writes":["x"],
		"masks":["bio"],"always_masked":["note"],"public":["title"],"relations":["post"],"caller":["role"],"drops":true,"fuel":5000,"memory":65536}`))
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "posts" || len(m.Operations) != 3 || m.Operations[2] != abi.OperationDelete || !m.Drops ||
		m.Codes[0] != "a_b" || m.Writes[0] != "x" || m.Masks[0] != "bio" || m.AlwaysMasked[0] != "note" ||
		m.Public[0] != "title" || m.Relations[0] != "post" || m.Caller[0] != "role" || m.Fuel != 5000 || m.Memory != 65536 {
		t.Fatalf("%+v", m)
	}
}

func TestParseManifestRefuses(t *testing.T) {
	f := func(section, want string) {
		t.Helper()
		_, err := parseManifest([]byte(section))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("%.80s: %v; want %q", section, err, want)
		}
	}
	with := func(member string) string { return `{"name":"p","operations":["view"],` + member + `}` }
	f(``, "not a JSON object")
	f(`[]`, "not a JSON object")
	f(`{`, "not JSON")
	f(`{"name":"p","operations":["view"]}{}`, "after the JSON object")
	f(`{"name":"p","operations":["view"]} x`, "after the JSON object")
	f("{\"name\":\"\xff\"}", "not UTF-8")
	f(strings.Repeat(" ", maxManifest+1), "at most 65536")
	f(`{"operations":["view"]}`, "the name")
	f(`{"name":"a b","operations":["view"]}`, "the name")
	f(`{"name":"p"}`, "names no operation")
	f(`{"name":"p","operations":["read"]}`, `no operation "read"`)
	f(`{"name":"p","operations":[""]}`, `no operation ""`)
	f(`{"name":"p","operations":["view","view"]}`, "named twice")
	f(with(`"limits":{}`), `unknown field "limits"`)
	f(with(`"Codes":[]`), `unknown key "Codes"`)
	f(with(`"codes":[],"codes":[]`), `"codes" is there twice`)
	f(with(`"codes":[],"\u0063odes":[]`), `"codes" is there twice`)
	f(with(`"codes":["Bad"]`), "form of a name")
	f(with(`"codes":["policy_trapped"]`), "host's own")
	f(with(`"codes":["a","a"]`), "named twice")
	f(with(`"codes":"a"`), "not the JSON object that is expected")
	f(with(`"writes":["a+"]`), "form of a name")
	f(with(`"writes":["`+strings.Repeat("a", 256)+`"]`), "form of a name")
	f(with(`"writes":["id"]`), "neither written nor masked")
	f(with(`"always_masked":["collectionId"]`), "neither written nor masked")
	f(with(`"masks":["a"],"public":["a"]`), "both public and masked")
	f(with(`"always_masked":["a"],"public":["a"]`), "both public and masked")
	f(with(`"drops":1`), "not the JSON object that is expected: drops is a number")
	f(with(`"drops":null`), "drops is null; leave it out")
	f(with(`"fuel":0`), "fuel: 0 is less than 1")
	f(with(`"fuel":1.5`), "not the JSON object that is expected")
	f(with(`"memory":65535`), "memory: 65535 is less than 65536")
}
