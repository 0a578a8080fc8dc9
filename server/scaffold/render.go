package scaffold

import (
	"bytes"
	"embed"
	"slices"
	"strings"
	"text/template"
)

//go:embed templates
var templateFiles embed.FS

var templates = template.Must(template.New("").
	Funcs(template.FuncMap{"join": join, "word": rustWord, "words": rustWords}).
	ParseFS(templateFiles, "templates/*.tmpl"))

// render fills in a template, which can fail by a mistake of ours alone.
func (s *start) render(name string) []byte {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name+".tmpl", s); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// Creates, Updates and Deletes tell which operations the new policy decides.
// How users come about is left to PocketBase's rules, and so is what nobody owns
// and may be deleted.
func (s *start) Creates() bool { return !s.ReadOnly && (s.Users == "" || s.Owner != "") }

func (s *start) Updates() bool { return !s.ReadOnly && len(s.Editable) > 0 }

func (s *start) Deletes() bool { return !s.ReadOnly && s.Users != "" }

// Codes are those that the new policy refuses with.
func (s *start) Codes() []string {
	codes := []string{"sign_in_required"}
	if s.Deletes() {
		codes = append(codes, "ownership_required")
	}
	if s.Creates() && s.Text != "" {
		codes = append(codes, "field_required")
	}
	if s.Updates() {
		codes = append(codes, "field_forbidden")
	}
	return codes
}

func join(words []string, before, after string) string {
	return before + strings.Join(words, after+", "+before) + after
}

// Words of Rust's that names have to be marked against, and those of a policy
// itself that no field can have.
var (
	rustKeywords = strings.Fields("as async await abstract become box break const continue do dyn else enum extern " +
		"false final fn for if impl in let loop macro match mod move mut override priv pub ref return static struct trait " +
		"true try type typeof unsafe unsized use virtual where while yield")
	taken = strings.Fields("self Self super crate _ list view create update delete allow hide refuse field log " +
		"editable is_user is_caller sign_in_required ownership_required field_required field_forbidden POLICY")
)

func rustWord(name string) string {
	if slices.Contains(rustKeywords, name) {
		return "r#" + name
	}
	return name
}

// rustWords leaves out what Rust cannot name; `.named("…")` reads those.
func rustWords(names []string) (words []string) {
	for _, n := range names {
		if nameable(n) {
			words = append(words, rustWord(n))
		}
	}
	return words
}

// nameable tells whether a policy in any language can name the field.
func nameable(field string) bool { return plain.MatchString(field) && !slices.Contains(taken, field) }
