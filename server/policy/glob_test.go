package policy

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestGlobGivesUp(t *testing.T) {
	matches, steps := glob("*"+strings.Repeat("a", 1000)+"b", strings.Repeat("a", 100_000), 5000)
	if matches || steps != 5001 {
		t.Fatalf("%t after %d steps; want it to give up after 5001", matches, steps)
	}
}

// FuzzGlob compares with a regular expression that says the same.
func FuzzGlob(f *testing.F) {
	f.Add("*.pdf", "a.pdf")
	f.Add("a*b?c", "axxbéc")
	f.Add("**", "")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(text) || len(pattern) > 100 {
			return
		}
		expr := regexp.QuoteMeta(pattern)
		expr = strings.ReplaceAll(strings.ReplaceAll(expr, `\*`, `.*`), `\?`, `.`)
		want := regexp.MustCompile(`(?s)^` + expr + `$`).MatchString(text)
		if got, _ := glob(pattern, text, 1<<40); got != want {
			t.Fatalf("glob(%q, %q) = %t", pattern, text, got)
		}
	})
}
