package metrics

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var labelValue = regexp.MustCompile(`="[^"]*"`)

// The README's list is that of the metrics there are, with the names of their labels.
func TestMetricsAreDocumented(t *testing.T) {
	m := New()
	m.CacheReads("posts")
	m.WatchCache(func() (none CacheFill) { return none })
	var out bytes.Buffer
	m.Write(&out)
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var there, told []string
	for line := range strings.Lines(out.String()) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		name = labelValue.ReplaceAllString(name, "")
		if value != "0" {
			t.Errorf("%s begins at %s", name, value)
		}
		there = append(there, name)
	}
	for line := range strings.Lines(string(readme)) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "`"); ok && strings.HasPrefix(name, "hapta_") {
			told = append(told, name)
		}
	}
	slices.Sort(there)
	there = slices.Compact(there) // one for all values of their labels
	slices.Sort(told)
	if len(there) == 0 || !slices.Equal(there, told) {
		t.Errorf("there are %q, the README tells of %q", there, told)
	}
}
