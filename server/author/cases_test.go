package author

import (
	"strings"
	"testing"
	"time"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/server/policy"
)

func TestBadCases(t *testing.T) {
	file := func(text, want string) {
		t.Helper()
		_, err := parseCases("posts.test.json", "posts", []byte(text))
		wantMistake(t, err, want)
	}
	file(``, "posts.test.json:1: it is not JSON: unexpected end of JSON input")
	file("{\n\"cases\": [,]\n}", "posts.test.json:2: it is not JSON: invalid character ','")
	file(`[]`, "posts.test.json:1: the file has to be an object")
	file(`{}`, `posts.test.json: it has no "cases"`)
	file(strings.Repeat("[", 400)+strings.Repeat("]", 400), "posts.test.json: it cannot be read")
	file("{\"caller\": {},\n\"cases\": []}", `posts.test.json:1: "caller" is no member of the file; did you mean callers?`)
	file(`{"cases": {}}`, `"cases" has to be a list`)
	file(`{"cases": [], "cases": []}`, `the file has the member "cases" twice`)
	file(`{"callers": [], "cases": []}`, `"callers" has to be an object`)
	file(`{"records": {"a": 1}, "cases": []}`, "a has to be an object")
	file("{\"cases\": [\n{\"operation\": \"list\", \"expect\": {\"verdict\": \"allow\"}}]}", `posts.test.json:2: the case has no "name"`)
	file(`{"cases": [{"name": "a", "operation": "list"}]}`, `"a" has no "expect"`)
	twice := `{"name": "a", "operation": "list", "expect": {"verdict": "allow"}}`
	file(`{"cases": [`+twice+",\n"+twice+`]}`, `posts.test.json:2: there are two cases with the name "a"`)

	file("{\"cases\": [\n{\"name\": \"a\"},\n{\"name\": \"b\"}]}", "posts.test.json:2: the case has no \"operation\"\nposts.test.json:3: the case has no \"operation\"")
	file(`{"cases": [{"name": "a", "caller": "ann"}]}`, `"ann" is none of "callers"; there are none`)

	f := func(one, want string) {
		t.Helper()
		file("{\"callers\": {\"ann\": {\"id\": \"ann\"}}, \"records\": {\"draft\": {\"id\": \"p2\"}},\n\"cases\": [{\"name\": \"a\", "+one+"}]}", "posts.test.json:2: "+want)
	}
	f(`"operation": "lsit"`, `"lsit" is no operation; did you mean list?`)
	f(`"operation": 1`, "expected a text, found 1")
	f(`"operations": "list"`, `"operations" is no member of a case; did you mean operation?`)
	f(`"expect": {}`, `the case has no "operation"`)
	f(`"operation": "view"`, `the operation view needs "stored"`)
	f(`"operation": "update", "stored": {}`, `the operation update needs "incoming"`)
	f(`"operation": "create", "stored": {}, "incoming": {}`, `the operation create has no "stored" here`)
	f(`"operation": "view", "stored": {}, "page": [{}]`, `the operation view has no "stored" here`)
	f(`"operation": "list", "page": [{}]`, `the operation list has no "page" here`)
	f(`"operation": "list", "reason": "file"`, "the operation list has no other reason than asked")
	f(`"operation": "view", "stored": {}, "reason": "flie"`, `"flie" is no reason; did you mean file?`)
	f(`"operation": "view", "stored": "darft"`, `"darft" is none of "records"; did you mean draft?`)
	f(`"operation": "view", "stored": null`, `expected an object, or a name of "records", found null`)
	f(`"operation": "view", "page": []`, `"page" has no records`)
	f(`"operation": "view", "page": ["draft"], "expect": {"verdict": "allow"}`, `the "expect" of a page has to be a list`)
	f(`"operation": "view", "page": ["draft"], "expect": []`, "the page has 1 records, and 0 outcomes are expected")
	f(`"operation": "list", "caller": "bob"`, `"bob" is none of "callers"; known are ann`)
	f(`"operation": "list", "caller": {"name": "Ann"}`, `a caller needs an "id"`)
	f(`"operation": "list", "query": {"page": 1}`, "expected a text, found 1")
	f(`"operation": "list", "headers": {"cookie": "a"}`, `policies do not see the header "cookie"; known are accept-language, origin, referer, user-agent`)
	f(`"operation": "list", "now": "noon"`, `expected a date like "2024-05-01 12:00:00.000Z", found "noon"`)
	f(`"operation": "create", "incoming": {"tags": [], "tags+": []}`, `the field "tags" comes in twice`)
	f(`"operation": "delete", "stored": {}, "relations": {"post": ["gone"]}`, `"gone" is none of "records"; known are draft`)
	f(`"operation": "list", "expect": {"code": "a"}`, `"expect" has no "verdict"`)
	f(`"operation": "list", "expect": {"verdict": "deny"}`, `"deny" is no verdict; known are allow, hide, refuse`)
	f(`"operation": "list", "expect": {"verdict": "allow", "mask": []}`, `"mask" is no member of "expect"; did you mean masks?`)
	f(`"operation": "list", "expect": {"verdict": "allow", "masks": "bio"}`, `expected a list of texts, found "bio"`)
	f(`"operation": "list", "expect": {"verdict": "allow", "status": "403"}`, `expected a whole number, found "403"`)
}

// What a policy is told is what the server would tell it.
func TestInput(t *testing.T) {
	text := `{"callers": {"ann": {"id": "ann", "role": "editor", "secret": "x"}}, "records": {"p1": {"id": "p1"}},
		"cases": [{"name": "a", "operation": "update", "caller": "ann", "stored": "p1", "now": "2030-01-02 03:04:05.678Z",
			"incoming": {"tags+": ["a"], "+list": [1], "old-": null, "pin:autogenerate": "", "title": "T"},
			"relations": {"post": "p1", "others": ["p1", {"id": "p2"}]}, "query": {"expand": "post"},
			"request": {"address": "10.0.0.1"}, "expect": {"verdict": "allow"}}]}`
	cases, err := parseCases("posts.test.json", "posts", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	tools, _, _ := tools(tree)
	p, err := tools.load(t.Context(), unit(tree+"/comments"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Retire()
	m := *p.Manifest()
	_, err = cases.input(cases.list[0], &m)
	wantMistake(t, err, `posts.test.json:2: the policy's manifest does not name the relation "others"`)

	m.Relations, m.Caller = []string{"post", "others"}, []string{"role"}
	in, err := cases.input(cases.list[0], &m)
	if err != nil {
		t.Fatal(err)
	}
	f := func(got interface{ String() string }, want string) {
		t.Helper()
		if got.String() != want {
			t.Errorf("told %s; want %s", got, want)
		}
	}
	f(in.Caller, `{"id":"ann","collectionId":"users","collectionName":"users","role":"editor"}`)
	f(in.Session, `{"id":"session","created":"2024-01-01 12:00:00.000Z"}`)
	f(in.Request, `{"address":"10.0.0.1","id":"request","collection":"posts","operation":"update","record":"p1"}`)
	f(in.Query, `{"expand":"post"}`)
	f(in.Headers, `{}`)
	f(in.Stored.Value, `{"id":"p1","collectionName":"posts","collectionId":"posts"}`)
	f(in.Stored.Relations["post"], `{"id":"p1"}`)
	f(in.Stored.Relations["others"], `[{"id":"p1"},{"id":"p2"}]`)
	if !in.Now.Equal(time.Date(2030, 1, 2, 3, 4, 5, 678e6, time.UTC)) {
		t.Errorf("it is %s", in.Now)
	}
	var fields []string
	for _, i := range in.Incoming {
		fields = append(fields, i.Name+" "+i.Modifier.String()+" "+i.Value.String())
	}
	if got, want := strings.Join(fields, ", "), `tags append ["a"], list prepend [1], old remove null, pin autogenerate "", title none "T"`; got != want {
		t.Errorf("incoming %s; want %s", got, want)
	}
}

// A caller and a record that is related are of one collection if they say the
// same name, and only one of them says its id.
func TestCollectionIDs(t *testing.T) {
	f := func(callers, caller, related, wantCaller, wantRelated string) {
		t.Helper()
		text := `{"callers": {` + callers + `}, "records": {"p": {"id": "p", "collectionId": "pbc_posts"}}, "cases": [
			{"name": "a", "operation": "delete", "caller": ` + caller + `, "stored": {"id": "q"}, "relations": {"author": ` + related + `}, "expect": {"verdict": "allow"}}]}`
		cases, err := parseCases("posts.test.json", "posts", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		in, err := cases.input(cases.list[0], &policy.Manifest{Relations: []string{"author"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []struct {
			got  *fastjson.Value
			want string
		}{{in.Caller, wantCaller}, {in.Stored.Relations["author"], wantRelated}, {in.Stored.Value, "pbc_posts"}} {
			if got := string(id.got.GetStringBytes("collectionId")); got != id.want {
				t.Errorf("%s: the id is %s; want %s", id.got, got, id.want)
			}
		}
	}
	ann := `{"id": "ann", "collectionName": "users"}`
	f("", ann, ann, "users", "users")
	f("", `{"id": "ann"}`, ann, "users", "users")
	f(`"ann": {"id": "ann", "collectionId": "pbc_users"}`, `"ann"`, ann, "pbc_users", "pbc_users")
	f(`"bob": {"id": "bob", "collectionId": "pbc_users", "collectionName": "users"}`, ann, ann, "pbc_users", "pbc_users")
	f("", `{"id": "ann", "collectionId": "pbc_users"}`, ann, "pbc_users", "pbc_users")
	f("", ann, `{"id": "ann", "collectionName": "users", "collectionId": "said"}`, "users", "said")
	f("", `{"id": "ann", "collectionName": "members", "collectionId": "pbc_members"}`, ann, "pbc_members", "users")
}
