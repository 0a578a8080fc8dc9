package scaffold

import (
	"bytes"
	"embed"
	"strings"
	"text/template"
)

//go:embed templates
var templateFiles embed.FS

var templates = template.Must(template.New("").
	Funcs(template.FuncMap{"join": join}).
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
