package filter

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ganigeorgiev/fexpr"
)

func TestParseRendersTheSameTree(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		n, err := Parse(in)
		if err != nil {
			t.Fatalf("Parse(%q): %v", in, err)
		}
		if got := n.String(); got != want {
			t.Fatalf("Parse(%q) renders %q; want %q", in, got, want)
		}
		again, err := Parse(n.String())
		if err != nil {
			t.Fatalf("what was rendered does not parse: %v", err)
		}
		if got := again.String(); got != "("+want+")" {
			t.Fatalf("the second rendering is %q; want %q in one more group", got, want)
		}
	}
	f(`a=1`, `(a = 1)`)
	f(`a=1||b='x'&&c!=true`, `(a = 1 || b = 'x' && c != true)`)
	f(`a=1 && (b ~ "it's" || c ?= @now)`, `(a = 1 && (b ~ "it's" || c ?= @now))`)
	f(`a = 'say "hi"' // a remark`, `(a = 'say "hi"')`)
	f(`a = 'it\'s "x"'`, `(a = 'it\'s "x"')`)
	f(`a = TRUE && b != Null`, `(a = true && b != null)`) // in capitals, they could be fields
	f(`geoDistance(p.lon, p.lat, 1, -2.5) < 10`, `(geoDistance(p.lon, p.lat, 1, -2.5) < 10)`)
}

func TestParseRefuses(t *testing.T) {
	f := func(in, reason string) {
		t.Helper()
		_, err := Parse(in)
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Fatalf("Parse(%.40q) = %v; want an error with %q", in, err, reason)
		}
	}
	f(``, "empty")
	f(`a =`, "incomplete")
	f("a = 1\x00) || (b = 2", "NUL")
	f(`a = 'x\\'`, "backslash")
	f(`a = '`+strings.Repeat("x", MaxLength)+`'`, "longer than")
	f(strings.Repeat("a=1||", MaxConditions)+"a=1", "more than")
}

func TestFields(t *testing.T) {
	n, err := Parse(`a.b:lower = 1 && (TRUE = c || @request.auth.id != "") && geoDistance(lon, lat, 1, 2) > d && e < @todayStart`)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a.b:lower", "c", "@request.auth.id", "lon", "lat", "d", "e"}
	if got := n.Fields(); !slices.Equal(got, want) {
		t.Fatalf("Fields() = %q; want %q", got, want)
	}
}

func TestGuardStandsBesideEachTermAlone(t *testing.T) {
	n, err := Parse(`a=1 || email:lower ~ 'x' || (b=2 && 'y' = email)`)
	if err != nil {
		t.Fatal(err)
	}
	visible, err := Condition("emailVisibility", Equal, Bool(true))
	if err != nil {
		t.Fatal(err)
	}
	want := `(a = 1 || (email:lower ~ 'x' && emailVisibility = true) || (b = 2 && ('y' = email && emailVisibility = true)))`
	if got := n.Guard("email", visible).String(); got != want {
		t.Fatalf("guarded: %s; want %s", got, want)
	}
}

func TestConditionRefusesWhatCannotBeBound(t *testing.T) {
	f := func(field string, op Op, v Value) {
		t.Helper()
		if n, err := Condition(field, op, v); err == nil {
			t.Fatalf("Condition(%q) = %s; want an error", field, n)
		}
	}
	f("@request.auth.id", Equal, Text("x"))
	f("a b", Equal, Text("x"))
	f("a", Equal, Text(`x\`))
	f("a", Equal, Text("x\n"))
	f("a", Like, Text("100%"))
	f("a", AnyNotLike, Text("100%"))
	f("", Equal, Null())
	f("a", Equal, Number(inf()))
}

func inf() float64 { x := 1e308; return x * 10 }

func TestSortFields(t *testing.T) {
	if got := SortFields(" -created, +title,@random,author.name "); !slices.Equal(got, []string{"created", "title", "author.name"}) {
		t.Fatalf("SortFields = %q", got)
	}
}

// FuzzBoundTextStaysOneValue: whatever text a policy binds, the rendered
// filter is one condition, and its value is that text.
func FuzzBoundTextStaysOneValue(f *testing.F) {
	for _, s := range []string{``, `'`, `"`, `'"`, `x' || id != '`, `\`, "\n", "é", "//", ")"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // a policy's text is UTF-8 before it gets here
		}
		n, err := Condition("a", Equal, Text(s))
		if err != nil {
			return
		}
		groups, err := fexpr.Parse(n.String())
		if err != nil {
			t.Fatalf("%q renders as %s, which does not parse: %v", s, n, err)
		}
		expr, ok := groups[0].Item.(fexpr.Expr)
		if len(groups) != 1 || !ok || expr.Right.Type != fexpr.TokenText || expr.Right.Literal != s {
			t.Fatalf("%q renders as %s, read back as %+v", s, n, groups)
		}
	})
}
