package author

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The policies of the demo decide as their cases say, and every code that one
// may give is expected by some case.
func TestDemoPolicies(t *testing.T) {
	tools, out, errs := tools(tree)
	if err := tools.Test(t.Context(), nil, false); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if errs.Len() > 0 {
		t.Error(errs)
	}
	for _, name := range []string{"users", "posts", "comments"} {
		u := unit(filepath.Join(tree, name))
		p, err := tools.load(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Retire()
		cases, err := tools.cases(u)
		if err != nil {
			t.Fatal(err)
		}
		met := map[string]bool{}
		for _, one := range cases.list {
			met[one.operation.String()] = true
			for _, o := range one.want {
				met[o.Code] = true
			}
		}
		for _, code := range p.Manifest().Codes {
			if !met[code] {
				t.Errorf("no case of %s expects %s", name, code)
			}
		}
		for _, o := range p.Manifest().Operations {
			if !met[o.String()] {
				t.Errorf("no case of %s is a %s", name, o)
			}
		}
	}
}

func TestFailures(t *testing.T) {
	dir := folder(t, `{"cases": [
		{"name": "right", "operation": "view", "stored": {"published": true}, "expect": {"verdict": "allow"}},
		{"name": "wrong", "operation": "delete", "stored": {}, "expect": {"verdict": "allow"}},
		{"name": "paged", "operation": "view", "page": [{"published": true}, {}], "expect": [{"verdict": "allow"}, {"verdict": "allow"}]}
	]}`)
	tools, out, _ := tools(dir)
	err := tools.Test(t.Context(), []string{"posts"}, true)
	if err == nil || err.Error() != "not every policy decides as its cases expect" {
		t.Errorf("the error is %v", err)
	}
	file := filepath.Join(dir, "posts.test.json")
	want := "ok   " + file + ":2: right\n" +
		"FAIL " + file + ":3: wrong\n" +
		"     verdict  expected allow, got refuse\n" +
		"     code     expected nothing, got ownership_required\n" +
		"     because  only its author may delete a post\n" +
		"FAIL " + file + ":4: paged\n" +
		"     record 2: verdict  expected allow, got hide\n" +
		"1 passed, 2 failed\n"
	if out.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", out, want)
	}
}

// A policy that does not handle what is asked decides nothing, which is told.
func TestUnhandledFails(t *testing.T) {
	dir := folder(t, "")
	write(t, filepath.Join(dir, "comments.test.json"), `{"cases": [{"name": "a", "operation": "list", "expect": {"verdict": "allow"}}]}`)
	tools, out, _ := tools(dir)
	if err := tools.Test(t.Context(), []string{"comments"}, false); err == nil {
		t.Error("it passed")
	}
	lacks(t, out.String(), "     list is not handled: left to PocketBase's rules, or refused with authority = \"policy\"\n0 passed, 1 failed\n")
}

// A code that the policy cannot give is most likely misspelt.
func TestUndeclaredCode(t *testing.T) {
	dir := folder(t, `{"cases": [
		{"name": "a", "operation": "delete", "stored": {}, "expect": {"verdict": "refuse", "code": "ownership_requierd"}},
		{"name": "b", "operation": "delete", "stored": {}, "expect": {"verdict": "refuse", "code": "policy_trapped"}}
	]}`)
	tools, out, _ := tools(dir)
	if err := tools.Test(t.Context(), []string{"posts"}, false); err == nil {
		t.Error("it passed")
	}
	lacks(t, out.String(), "         the policy's manifest declares no code ownership_requierd; did you mean ownership_required?\n")
	if n := strings.Count(out.String(), "declares no code"); n != 1 {
		t.Errorf("said %d times in\n%s", n, out)
	}
}

// The cases of a policy that was taken away stay behind: in a folder they are
// left out, which is said.
func TestCasesWithoutModule(t *testing.T) {
	dir := folder(t, `{"cases": [{"name": "a", "operation": "view", "stored": {"published": true}, "expect": {"verdict": "allow"}}]}`)
	write(t, filepath.Join(dir, "gone.test.json"), `{"cases": []}`)
	some, out, errs := tools(dir)
	if err := some.Test(t.Context(), nil, false); err != nil || out.String() != "1 passed, 0 failed\n" {
		t.Errorf("%v, printed %q", err, out)
	}
	lacks(t, errs.String(), filepath.Join(dir, "gone.test.json")+" is left out, for there is no "+filepath.Join(dir, "gone.wasm"))
	only := t.TempDir()
	write(t, filepath.Join(only, "gone.test.json"), `{"cases": []}`)
	none, _, _ := tools(only)
	wantMistake(t, none.Test(t.Context(), nil, false), "no policy in "+only+" is compiled")
}

// What is hidden, or what the collection has no field for, is not shown to the
// policy where the fields are known; where they are not, it is.
func TestFieldsComeInDropped(t *testing.T) {
	dir := folder(t, `{"callers": {"ann": {"id": "ann"}}, "cases": [
		{"name": "a", "operation": "update", "caller": "ann", "stored": {"author": "ann"}, "incoming": {"rank+": 1}, "expect": {"verdict": "allow"}}
	]}`)
	f := func(passes bool, wantErrs string) {
		t.Helper()
		tools, out, errs := tools(dir)
		if err := tools.Test(t.Context(), []string{"posts"}, false); (err == nil) != passes || errs.String() != wantErrs {
			t.Errorf("%v, printed %q and %q", err, out, errs)
		}
	}
	f(false, "")
	schema := filepath.Join(dir, ".hapta", "schema")
	if err := os.MkdirAll(schema, 0o700); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(schema, "Posts.json")
	write(t, note, `["id", "author"]`)
	f(true, filepath.Join(dir, "posts.test.json")+":2: posts has no field \"rank\", so what comes in for it is dropped, as by the server\n")
	write(t, note, `["id", "author", "rank"]`)
	f(false, "")
	hidden := filepath.Join(schema, "posts.hidden.json")
	write(t, hidden, `["rank"]`)
	f(true, filepath.Join(dir, "posts.test.json")+":2: the field \"rank\" of posts is hidden, so what comes in for it is dropped, as by the server\n")
	write(t, hidden, `[]`)
	f(false, "")
	write(t, note, `{}`)
	tools, _, _ := tools(dir)
	wantMistake(t, tools.Test(t.Context(), []string{"posts"}, false), "Posts.json is no list of field names")
}

func TestWhatIsTested(t *testing.T) {
	dir := folder(t, `{"cases": [{"name": "a", "operation": "view", "stored": {"published": true}, "expect": {"verdict": "allow"}}]}`)
	f := func(name string, want string) {
		t.Helper()
		tools, out, _ := tools(dir)
		if err := tools.Test(t.Context(), strings.Fields(name), false); err != nil || out.String() != want {
			t.Errorf("%q: %v, printed %q, want %q", name, err, out, want)
		}
	}
	f("", "1 passed, 0 failed\n")
	f(dir, "1 passed, 0 failed\n")
	f("posts Posts", "2 passed, 0 failed\n")
	f(filepath.Join(dir, "posts.wasm")+" "+filepath.Join(dir, "posts.test.json"), "2 passed, 0 failed\n")

	wrong := func(name, want string) {
		t.Helper()
		tools, _, _ := tools(dir)
		wantMistake(t, tools.Test(t.Context(), []string{name}, false), want)
	}
	wrong("pots", "there is no pots.wasm in "+dir+"; did you mean posts?")
	wrong("elsewhere", "known are comments, posts, users")
	wrong("gone.wasm", "gone.wasm cannot be read")
	wrong("gone.test.json", "gone.test.json cannot be read")
	wrong(t.TempDir(), "there are no cases in")
	write(t, filepath.Join(dir, "empty.wasm"), "\x00asm\x01\x00\x00\x00")
	write(t, filepath.Join(dir, "empty.test.json"), `{"cases": []}`)
	wrong("empty", "empty.wasm: it is no policy of Hapta's")
	write(t, filepath.Join(dir, "lone.test.json"), `{"cases": []}`)
	wrong(filepath.Join(dir, "lone.test.json"), "the policy cannot be read")
	wrong(filepath.Join(dir, "users.wasm"), "the cases cannot be read")

	nowhere, _, _ := tools(filepath.Join(dir, "nowhere"))
	wantMistake(t, nowhere.Test(t.Context(), nil, false), "there are no policies in")
}

// What cannot be tested counts more than what fails, and stops nothing else.
func TestMistakesAmongFailures(t *testing.T) {
	dir := folder(t, `{"cases": [{"name": "a", "operation": "view", "stored": {}, "expect": {"verdict": "allow"}}]}`)
	write(t, filepath.Join(dir, "comments.test.json"), "{")
	tools, out, _ := tools(dir)
	err := tools.Test(t.Context(), nil, false)
	if err == nil || !strings.Contains(err.Error(), "comments.test.json:1: it is not JSON") {
		t.Errorf("the error is %v", err)
	}
	lacks(t, out.String(), "0 passed, 1 failed")
}

func TestSourceIsNewer(t *testing.T) {
	dir := folder(t, `{"cases": []}`)
	f := func(name string, age time.Duration, want bool) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, path, "source")
		defer func() { _ = os.RemoveAll(path) }()
		at := time.Now().Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		tools, _, errs := tools(dir)
		if err := tools.Test(t.Context(), []string{"posts"}, false); err != nil {
			t.Error(err)
		}
		if warned := strings.Contains(errs.String(), "is newer than"); warned != want {
			t.Errorf("%s of %s ago: warned %q", name, age, errs)
		}
	}
	f("posts.ts", time.Hour, false)
	f("posts.ts", -time.Hour, true)
	f("posts.rs", -time.Hour, true)
	f("posts/index.ts", -time.Hour, true)
	f("posts/index.ts", time.Hour, false)
	f("users.ts", -time.Hour, false)
}
