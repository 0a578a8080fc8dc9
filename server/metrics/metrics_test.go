package metrics

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
)

// The README's list is that of the metrics there are.
func TestMetricsAreDocumented(t *testing.T) {
	var out bytes.Buffer
	New().Write(&out)
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var there, told []string
	for line := range strings.Lines(out.String()) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
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
	slices.Sort(told)
	if len(there) == 0 || !slices.Equal(there, told) {
		t.Errorf("there are %q, the README tells of %q", there, told)
	}
}
