package author

import (
	"path/filepath"
	"testing"

	"github.com/hapta/hapta/abi"
)

const (
	oneCase  = `{"name": "a", "operation": "view", "stored": {}, "expect": {"verdict": "allow"}}`
	pageCase = `{"name": "a", "operation": "view", "page": [{}, {}], "expect": [{"verdict": "allow"}, {"verdict": "allow", "masks": ["bio"]}]}`
)

// A module that judges a record otherwise in a page than by itself fails, though
// it decides as the case expects.
func TestPagesAndRecordsAgree(t *testing.T) {
	allow := judging{verdict: abi.VerdictAllow}
	f := func(one string, alone judging, page []judging, want string) {
		t.Helper()
		dir := t.TempDir()
		write(t, filepath.Join(dir, "posts.wasm"), string(handmade(alone, page...)))
		write(t, filepath.Join(dir, "posts.test.json"), `{"cases": [`+one+`]}`)
		tools, out, _ := tools(dir)
		err := tools.Test(t.Context(), nil, false)
		if want == "" {
			want = "1 passed, 0 failed\n"
		} else {
			want = "FAIL " + filepath.Join(dir, "posts.test.json") + ":1: a\n     " + want + ": a view and a list have to decide alike\n0 passed, 1 failed\n"
		}
		if (err == nil) != (want == "1 passed, 0 failed\n") || out.String() != want {
			t.Errorf("%v, printed\n%s\nwant\n%s", err, out, want)
		}
	}
	f(oneCase, allow, []judging{allow}, "")
	f(oneCase, allow, nil, "")
	f(oneCase, allow, []judging{{verdict: abi.VerdictHide}}, "verdict  allow by itself (hapta_record), hide in a page (hapta_page)")
	f(oneCase, allow, []judging{{verdict: abi.VerdictAllow, code: 2}}, "code     nothing by itself (hapta_record), other in a page (hapta_page)")
	f(oneCase, allow, []judging{{verdict: abi.VerdictAllow, masks: true}}, "masks    nothing by itself (hapta_record), bio in a page (hapta_page)")
	masking := judging{verdict: abi.VerdictAllow, masks: true}
	f(pageCase, masking, []judging{allow, masking}, "record 1: masks    bio by itself (hapta_record), nothing in a page (hapta_page)")
}

// Of a module that judges records one by one alone, nothing more is asked.
func TestNoPageCostsNothing(t *testing.T) {
	f := func(module []byte, want bool) {
		t.Helper()
		dir := t.TempDir()
		write(t, filepath.Join(dir, "posts.wasm"), string(module))
		write(t, filepath.Join(dir, "posts.test.json"), `{"cases": [`+oneCase+`]}`)
		tools, _, _ := tools(dir)
		p, err := tools.load(t.Context(), unit(filepath.Join(dir, "posts")))
		if err != nil {
			t.Fatal(err)
		}
		cases, err := tools.cases(unit(filepath.Join(dir, "posts")))
		if err != nil {
			t.Fatal(err)
		}
		q, err := tools.ask(cases, cases.list[0], p)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := q.decide(t.Context(), untold)
		if err != nil {
			t.Fatal(err)
		}
		p.Retire() // so that to ask it again fails
		if lines, err := q.disagreement(t.Context(), got); (err != nil) != want || len(lines) > 0 {
			t.Errorf("%v, %v", lines, err)
		}
	}
	f(handmade(judging{verdict: abi.VerdictAllow}), false)
	f(handmade(judging{verdict: abi.VerdictAllow}, judging{verdict: abi.VerdictAllow}), true)
}
