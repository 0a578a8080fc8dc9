package policy

import (
	"slices"
	"testing"
)

func TestDescription(t *testing.T) {
	f := func(name string, imports, exports []string) {
		t.Helper()
		p := loadTree(t, anew(), name)
		for _, want := range imports {
			if !slices.Contains(p.Imports(), want) {
				t.Errorf("%s imports %q; want %s among them", name, p.Imports(), want)
			}
		}
		if !slices.Equal(p.Exports(), exports) {
			t.Errorf("%s exports %q; want %q", name, p.Exports(), exports)
		}
		if p.Limits() != testLimits || p.Memory() != pageSize {
			t.Errorf("%s has the limits %+v and %d bytes of memory", name, p.Limits(), p.Memory())
		}
	}
	f("posts", []string{"hapta_v1.narrow", "hapta_v1.verdict"},
		[]string{"hapta_init", "hapta_filter", "hapta_before", "hapta_record", "hapta_page"})
	f("comments", []string{"hapta_v1.relation"}, []string{"hapta_init", "hapta_before"})
}
