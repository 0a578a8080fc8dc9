package pages

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every file is served, and every name is a file.
func TestNamesAreTheFiles(t *testing.T) {
	var want []string
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			want = append(want, strings.TrimSuffix(path, "index.html"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := Names()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("served are %q, embedded %q", got, want)
	}
}

// The page needs nothing that its own policy forbids, and that policy names no
// other place.
func TestPageIsWhole(t *testing.T) {
	header, body := Read("")
	for _, inline := range []string{`<style`, `style="`, `<script>`, ` onclick=`, `javascript:`, `//`} {
		if strings.Contains(string(body), inline) {
			t.Errorf("the page has %q", inline)
		}
	}
	policy := header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("the policy is %q", policy)
	}
	if header.Get("Referrer-Policy") != "no-referrer" || header.Get("Cache-Control") != "no-store" {
		t.Errorf("the headers are %v", header)
	}
	used := regexp.MustCompile(`(?:src|href)="([^":]+)"|from "\./([^"]+)"`)
	_, script := Read("page.js")
	for _, m := range used.FindAllStringSubmatch(string(body)+string(script), -1) {
		if name := m[1] + m[2]; !slices.Contains(Names(), name) {
			t.Errorf("%q is used and not there", name)
		}
	}
}

// Each part that the script speaks of is in the page.
func TestScriptKnowsThePage(t *testing.T) {
	_, body := Read("")
	_, script := Read("page.js")
	for _, m := range regexp.MustCompile(`part\("([^"]+)"\)`).FindAllStringSubmatch(string(script), -1) {
		if !strings.Contains(string(body), `id="`+m[1]+`"`) {
			t.Errorf("the page has no %q", m[1])
		}
	}
}
