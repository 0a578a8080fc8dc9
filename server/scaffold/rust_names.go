package scaffold

import (
	"fmt"
	"slices"
	"strings"
)

// Words of Rust's that names have to be marked against, and those that a field
// cannot go by, for a policy or what it imports has them.
var (
	rustKeywords = strings.Fields("as async await abstract become box break const continue do dyn else enum extern " +
		"false final fn for if impl in let loop macro match mod move mut override priv pub ref return static struct trait " +
		"true try type typeof unsafe unsized use virtual where while yield")
	taken = strings.Fields("self Self super crate _ list view create update delete allow hide refuse field log Some " +
		"editable is_user is_caller sign_in_required ownership_required field_required field_forbidden POLICY HAPTA_LINES")
)

// RustWord is what a policy in Rust calls a field: mostly as the field is called.
func (s *start) RustWord(field string) string {
	if slices.Contains(rustKeywords, field) {
		return "r#" + field
	}
	word := field
	if field[0] >= '0' && field[0] <= '9' {
		word = "_" + field
	} else if slices.Contains(taken, field) {
		word += "_field"
	}
	for word != field && slices.Contains(s.All, word) {
		word += "_"
	}
	return word
}

func (s *start) RustWords(fields []string) (words []string) {
	for _, f := range fields {
		words = append(words, s.RustWord(f))
	}
	return words
}

// RustFields declares all fields, those that go by another word with their names.
func (s *start) RustFields() (items []string) {
	for _, f := range s.All {
		item := s.RustWord(f)
		if strings.TrimPrefix(item, "r#") != f {
			item = fmt.Sprintf("%s = %q", item, f)
		}
		items = append(items, item)
	}
	return items
}
