package scaffold

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Which names of a source are taken for misspelt ones of a collection that has a
// title, a list and an author.
func TestMisspeltInRust(t *testing.T) {
	f := func(lines, rules string, want ...string) {
		t.Helper()
		source := "// policy! { fields: [comment] }\nhapta::policy! {\n    operations: [list], codes: [nope],\n" + lines + "\n}\n" + rules
		var got []string
		for _, field := range misspelt(source, []string{"title", "list", "author"}) {
			got = append(got, field.name)
			if !strings.HasPrefix(strings.TrimPrefix(source[field.at:], "r#"), field.name) && !strings.Contains(lines, "=") {
				t.Errorf("%s: %q is said to be at %q", lines, field.name, source[field.at:])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\n%s\nmisspelt are %q; want %q", lines, rules, got, want)
		}
	}
	f("fields: [title, author, id, collectionName]", "")
	f("fields: [titel, c2],", "", "titel", "c2")
	f("fields: [r#type /* ], [ */, title] // fields: [more]", "", "type")
	f(`fields: [list_field = "list", other = "lits", name = "author.name", more = "autor.name", back = "notes_via_x.y"]`, "", "lits", "autor.name")
	f("always_masked: [titel], public: [titles], fields: [title]", "", "titel", "titles")

	f("fields: [role], caller: [role]", "fn list(c: &mut List) { c.caller().get(role) }")
	f("fields: [role], caller: [role]", "fn list(c: &mut List) { field(role) }", "role")
	f("fields: [address]", "fn view(c: &mut View) { c.request().get(address) }")
	f("fields: [author, name]", "fn view(c: &mut View) { c.stored().relation(author).get(name) }")
	f("fields: [name], sets: { some: [name] }", "fn view(c: &mut View) { c.query().get(name) }", "name")
	f("fields: [name], writes: [name]", "fn view(c: &mut View) { c.query().get(name) }", "name")
	f("fields: [titel]", `fn view(c: &mut View) { c.request().get(titel); c.incoming() . has( titel ) }`, "titel")
	f("fields: [titel]", `fn view(c: &mut View) { let n = c.stored(); n.get(titel) }`, "titel")
	f("fields: [titel]", `fn view(c: &mut View) { let n = c.stored(); n.all(|n| n.get(titel)) }`)
	f("fields: [titel]", `fn a() { let n = c.stored(); } fn b(n: Record) { n.get(titel) }`)
	f("fields: [titel]", `fn view(c: &mut View) { '"' ; "titel" /* titel */ }`, "titel")
	f("fields: [titel]", "mod more;")
}

func TestMisspeltFieldsInRustAreTold(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, begin(t, dir, "notes", "rust", schema)[0])
	f := func(note, from, to, want, said string) {
		t.Helper()
		text := read(t, source)
		put(t, source, strings.ReplaceAll(text, from, to))
		defer put(t, source, text)
		if note != "" {
			path := filepath.Join(dir, ".hapta/schema/notes.json")
			defer put(t, path, read(t, path))
			put(t, path, note)
		}
		var out bytes.Buffer
		err := sourceOf(t, source).checkSpelling(&out)
		if want == "" && err != nil {
			t.Errorf("%s: %v", to, err)
		} else if want != "" {
			wantMistake(t, to, err, want)
		}
		if out.String() != said {
			t.Errorf("%s: said %s\nwant %s", to, out.String(), said)
		}
	}
	f("", "title", "title", "", "")
	f("", "title", "titel", source+" does not compile",
		source+`:11:69: notes has no field "titel" in .hapta/schema/notes.json: did you mean title?`+"\n")
	f("{}", "title", "titel", "notes.json is no list of field names: without that file, names are not checked", "")
}

func sourceOf(t *testing.T, path string) source {
	t.Helper()
	s, ok := sourceAt(path)
	if !ok {
		t.Fatalf("%s is no source", path)
	}
	return s
}
