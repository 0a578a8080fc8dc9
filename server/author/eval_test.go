package author

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestEval(t *testing.T) {
	f := func(name, input string, want ...string) {
		t.Helper()
		tools, out, _ := tools(tree)
		var err error
		if input == "" {
			err = tools.Eval(t.Context(), "posts", name, nil)
		} else {
			err = tools.Eval(t.Context(), "posts", "", strings.NewReader(input))
		}
		if err != nil {
			t.Error(err)
		}
		text := out.String()
		for _, w := range want {
			_, rest, ok := strings.Cut(text, w)
			if !ok {
				t.Errorf("%q is not where it belongs in\n%s", w, out)
			}
			text = rest
		}
	}
	f("a post keeps its author", "",
		"equals(stored.author, caller.id) → true\n",
		"verdict refuse field_forbidden 403 \"author may not be changed\"\n{\n  \"verdict\": \"refuse\",\n  \"code\": \"field_forbidden\",\n  \"status\": 403,\n  \"message\": \"author may not be changed\"\n}\nfuel ", " of 1000000 (0.")
	f("", `{"operation": "view", "caller": "ann", "stored": "draft"}`, "stored.published → false\n", "{\n  \"verdict\": \"allow\"\n}\n")
	f("", `{"operation": "view", "page": ["draft", "post"]}`, "select(0)\n", "select(1)\n", "[\n  {\n    \"verdict\": \"hide\",\n    \"status\": 404\n  },\n")
	f("", `{"operation": "list", "caller": "ann"}`, "\"filter\": \"(published = true || author = 'ann')\"")

	// Without cases beside the module everything has to be said.
	tools, out, _ := tools(folder(t, ""))
	if err := tools.Eval(t.Context(), "comments", "", strings.NewReader(`{"operation": "list"}`)); err != nil {
		t.Error(err)
	}
	if want := "list is not handled: left to PocketBase's rules, or refused with authority = \"policy\"\n"; out.String() != want {
		t.Errorf("printed %q", out)
	}
}

func TestEvalMistakes(t *testing.T) {
	f := func(policy, name, input, want string) {
		t.Helper()
		tools, _, _ := tools(tree)
		if input == "" {
			wantMistake(t, tools.Eval(t.Context(), policy, name, nil), want)
		} else {
			wantMistake(t, tools.Eval(t.Context(), policy, name, strings.NewReader(input)), want)
		}
	}
	f("pots", "a", "", "did you mean posts?")
	f("posts", "a guest sees a pots", "", `posts.test.json has no case "a guest sees a pots"; did you mean "a guest sees a post"?`)
	f("posts", "", "{", "the case:1: it is not JSON")
	f("posts", "", "{\n\"operation\": \"vew\"}", `the case:2: "vew" is no operation; did you mean view?`)
	f("posts", "", `{"operation": "list", "caller": "nobody"}`, `"nobody" is none of "callers"`)
	tools, _, _ := tools(folder(t, ""))
	wantMistake(t, tools.Eval(t.Context(), "posts", "a", nil), "the cases cannot be read")
}

func TestInspect(t *testing.T) {
	f := func(name string, want ...string) {
		t.Helper()
		tools, out, _ := tools(tree)
		if err := tools.Inspect(t.Context(), name); err != nil {
			t.Error(err)
		}
		lacks(t, out.String(), want...)
	}
	f("comments",
		"module         ../../policies/comments.wasm\nsize           ",
		"name           comments\noperations     create update delete\ncodes          sign_in_required ownership_required\nwrites         author post\nmasks          –\n",
		"relations      post\ncaller         –\ndrops          false\nexports        hapta_init hapta_before\nimports        hapta_v1.",
		"memory         1 page, at most 16 pages (max_memory)\nfuel           at most 1000000 a call (max_fuel)\n")
	f(filepath.Join(tree, "users.wasm"), "masks          followers bio\n")
	tools, _, _ := tools(tree)
	wantMistake(t, tools.Inspect(t.Context(), "gone"), "there is no gone.wasm")
	f(filepath.Join(tree, "posts.ts"), "module         ../../policies/posts.wasm\n")
	wantMistake(t, tools.Inspect(t.Context(), "gone.ts"), "gone.ts cannot be read")
}

func TestBench(t *testing.T) {
	tools, out, _ := tools(tree)
	if err := tools.Bench(t.Context(), "users", "a guest sees a user"); err != nil {
		t.Error(err)
	}
	lacks(t, out.String(), "memory 1 page of 16 pages\n\ncase                  time per call   fuel   of max_fuel   allocations   decision\na guest sees a user   ", " %  ", "   allow\n")
	if n := strings.Count(out.String(), "\n"); n != 4 {
		t.Errorf("there are %d lines:\n%s", n, out)
	}
	for _, remark := range []string{"not as expected", "no decision", "not handled"} {
		if strings.Contains(out.String(), remark) {
			t.Errorf("%q is in\n%s", remark, out)
		}
	}
	wantMistake(t, tools.Bench(t.Context(), "users", "gone"), `has no case "gone"`)
	wantMistake(t, tools.Bench(t.Context(), "gone", ""), "there is no gone.wasm")
}

// A case without a decision has no figures, which fails; any decision has, with
// what it is.
func TestBenchDecisions(t *testing.T) {
	f := func(collection, one, want string, fails bool) {
		t.Helper()
		dir := folder(t, "")
		copyFile(t, "../gateway/testdata/policies/script.wasm", dir) // which fails where it is told to
		write(t, filepath.Join(dir, collection+".test.json"), `{"cases": [{"name": "a", `+one+`}]}`)
		tools, out, _ := tools(dir)
		err := tools.Bench(t.Context(), collection, "")
		if fails != (err != nil && err.Error() == "the policy failed on 1 of 1 cases, which have no figures") || !fails && err != nil {
			t.Errorf("%s: the error is %v", want, err)
		}
		if !strings.HasSuffix(out.String(), "   "+want+"\n") {
			t.Errorf("%q is not the end of\n%s", want, out)
		}
		if figures := strings.Contains(out.String(), " %  "); figures == (fails || strings.Contains(want, "not handled")) {
			t.Errorf("%s: figures %t in\n%s", want, figures, out)
		}
	}
	f("posts", `"operation": "view", "stored": {"published": true}, "expect": {"verdict": "hide"}`, "allow, not as expected", false)
	f("posts", `"operation": "delete", "stored": {}, "expect": {"verdict": "refuse", "code": "ownership_required"}`, "refuse ownership_required", false)
	f("posts", `"operation": "view", "page": [{"published": true}, {}, {}], "expect": [{"verdict": "allow"}, {"verdict": "hide"}, {"verdict": "hide"}]`, "allow, hide", false)
	f("comments", `"operation": "list", "expect": {"verdict": "hide"}`, `list is not handled: left to PocketBase's rules, or refused with authority = "policy"`, false)
	f("script", `"operation": "view", "stored": {"title": "poison"}, "expect": {"verdict": "refuse", "code": "policy_trapped"}`, "no decision: policy_trapped: unreachable", true)
	f("script", `"operation": "view", "page": [{}, {"title": "poison"}], "expect": [{"verdict": "allow"}, {"verdict": "refuse"}]`, "record 2: no decision: policy_trapped: unreachable", true)
	f("script", `"operation": "list", "query": {"do": "list:spin"}, "expect": {"verdict": "allow"}`, "no decision: policy_out_of_fuel: the call did more work than its 1000000 units of fuel allow", true)
	f("script", `"operation": "list", "query": {"do": "list:hoard"}, "expect": {"verdict": "allow"}`, "no decision: policy_out_of_memory: the call asked for more than 1048576 bytes of memory", true)
}
