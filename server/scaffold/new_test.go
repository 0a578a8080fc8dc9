package scaffold

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/hapta/hapta/server/pocketbase"
)

// begin begins a policy in a folder and returns what was written, without the
// folder's name.
func begin(t *testing.T, dir, collection, language string, schema *pocketbase.Schema) []string {
	t.Helper()
	files, err := New(t.Context(), Request{Collection: collection, Language: language, Dir: dir, Schema: schema})
	if err != nil {
		t.Fatalf("%s in %s: %v", collection, language, err)
	}
	for i, file := range files {
		if files[i], err = filepath.Rel(dir, file); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func TestNewWrites(t *testing.T) {
	f := func(collection, language string, schema *pocketbase.Schema, want ...string) {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "some", "policies")
		files := begin(t, dir, collection, language, schema)
		if !slices.Equal(files, want) {
			t.Errorf("%s in %s: wrote %q, want %q", collection, language, files, want)
		}
		for _, file := range files {
			if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
				t.Error(err)
			}
		}
	}
	f("notes", "", schema, "notes.ts", "notes.test.json", ".hapta/schema/notes.json", ".hapta/schema/notes.hidden.json", ".hapta/sdk-ts", "tsconfig.json")
	f("NOTES", "ts", schema, "notes.ts", "notes.test.json", ".hapta/schema/notes.json", ".hapta/schema/notes.hidden.json", ".hapta/sdk-ts", "tsconfig.json")
	f("notes", "rust", schema, "notes.rs", "notes.test.json", ".hapta/schema/notes.json", ".hapta/schema/notes.hidden.json", ".hapta/sdk-rust")
	f("things", "ts", nil, "things.ts", "things.test.json", ".hapta/sdk-ts", "tsconfig.json")
	f("things", "rust", nil, "things.rs", "things.test.json", ".hapta/sdk-rust")
}

// A second policy finds the SDK and the editor's settings there.
func TestNewSharesTheSDK(t *testing.T) {
	dir := t.TempDir()
	begin(t, dir, "notes", "ts", schema)
	put(t, filepath.Join(dir, "tsconfig.json"), "{}")
	if got, want := begin(t, dir, "tags", "ts", schema), []string{"tags.ts", "tags.test.json", ".hapta/schema/tags.json", ".hapta/schema/tags.hidden.json"}; !slices.Equal(got, want) {
		t.Errorf("wrote %q, want %q", got, want)
	}
	if text := read(t, dir, "tsconfig.json"); text != "{}" {
		t.Errorf("tsconfig.json became %s", text)
	}
}

func TestNewRefuses(t *testing.T) {
	f := func(r Request, there, want string) {
		t.Helper()
		r.Dir = t.TempDir()
		if there != "" {
			put(t, filepath.Join(r.Dir, there), "mine")
		}
		files, err := New(t.Context(), r)
		var coded interface{ ExitCode() int }
		if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &coded) || coded.ExitCode() != 2 || files != nil {
			t.Errorf("%+v: wrote %q, error %v; want %s", r, files, err, want)
		}
		left, _ := os.ReadDir(r.Dir)
		if there == "" && len(left) != 0 || there != "" && (len(left) != 1 || left[0].Name() != strings.Split(there, "/")[0]) {
			t.Errorf("%+v: left %v", r, left)
		}
	}
	f(Request{Collection: "nots", Schema: schema}, "", `there is no collection "nots": did you mean notes?`)
	f(Request{Collection: "elsewhere", Schema: schema}, "", `there is no collection "elsewhere": known are clashes, empty, marks, notes, summary, tags, users`)
	f(Request{Collection: "_superusers", Schema: schema}, "", "_superusers is a system collection")
	f(Request{Collection: "pbc_3142635823", Schema: schema}, "", "_superusers is a system collection")
	f(Request{Collection: "_superusers"}, "", "are PocketBase's own")
	f(Request{Collection: "../notes"}, "", `"../notes" names no collection`)
	f(Request{Collection: ""}, "", `"" names no collection`)
	f(Request{Collection: "notes", Language: "go", Schema: schema}, "", `not in "go"`)
	for _, there := range []string{"notes.ts", "notes.rs", "notes/index.ts", "notes.test.json", "notes.wasm"} {
		f(Request{Collection: "notes", Schema: schema}, there, "is there already, and nothing is overwritten")
		f(Request{Collection: "notes", Language: "rust", Schema: schema}, there, "is there already, and nothing is overwritten")
	}
}

func TestNewCannotWrite(t *testing.T) {
	f := func(dir string, ctx context.Context, want error) {
		t.Helper()
		if _, err := New(ctx, Request{Collection: "notes", Dir: dir, Schema: schema}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", dir, err, want)
		}
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "file"), "")
	f(filepath.Join(dir, "file", "policies"), t.Context(), syscall.ENOTDIR)
	ended, end := context.WithCancel(t.Context())
	end()
	f(filepath.Join(dir, "policies"), ended, context.Canceled)
}

// What a policy starts with follows from whose the collection's records are.
func TestNewKnowsTheCollection(t *testing.T) {
	f := func(collection, language string, schema *pocketbase.Schema, want ...string) {
		t.Helper()
		dir := t.TempDir()
		source := read(t, dir, begin(t, dir, collection, language, schema)[0])
		for _, w := range want {
			text, not := strings.CutPrefix(w, "!")
			if strings.Contains(source, text) == not {
				t.Errorf("%s in %s: want %q in\n%s", collection, language, w, source)
			}
		}
		cases := read(t, dir, collection+".test.json")
		var read struct {
			Callers map[string]any
			Cases   []struct{ Name, Operation string }
		}
		if err := json.Unmarshal([]byte(cases), &read); err != nil || len(read.Callers) != 2 || len(read.Cases) < 4 {
			t.Errorf("%s: %v in\n%s", collection, err, cases)
		}
	}
	f("notes", "ts", schema, `writes: ["owner"]`, `fields(["readers", "slug", "list", "title", "type", "2nd"])`, `where("owner")`,
		`c.incoming.get("list").isBlank`, `collectionName.equals("users")`, `c.stored.get("owner")`, "!placeholder")
	f("notes", "rust", schema, "writes: [owner]", "fields: [id, readers, owner, slug, secret, list_field = \"list\", title, r#type, _2nd = \"2nd\", created]",
		"editable: [readers, slug, list_field, title, r#type, _2nd]", "get(list_field).is_blank()", `collection_name() == "users"`, "!placeholder")
	f("users", "ts", schema, `where("id").equals(c.caller.id)`, "c.caller.is(c.stored)", `fields(["password", "emailVisibility", "name", "avatar"])`, "!create(", "!writes")
	f("users", "rust", schema, "field(id).equals(c.caller().id())", "c.caller().is(c.stored())", "editable: [password, emailVisibility, name, avatar]", "!fn create")
	f("tags", "ts", schema, "!where", `fields(["clerk", "label"])`, `get("label").isBlank`, "!remove", "!Context", "!writes: [")
	f("tags", "rust", schema, "editable: [clerk, label]", "!fn delete", "!writes: [")
	f("clashes", "rust", schema, `fields: [id, self_field_ = "self", log_field = "log", self_field]`, "writes: [self_field_]",
		"field(self_field_).equals(", "editable: [log_field, self_field]")
	f("marks", "ts", schema, `c.set("owner", c.caller.id)`, "!update(", "!isBlank", "!fields")
	f("empty", "rust", schema, "operations: [list, view, create]", "!editable")
	f("summary", "ts", schema, `where("owner")`, "!create(", "!update(", "!remove(", "!writes", `codes: ["sign_in_required"]`)
	f("things", "ts", nil, "names of fields are placeholders", `fields(["title", "text"])`)
	f("things", "rust", nil, "names of fields are placeholders", "fields: [id, owner, title, text]")
}

// What is noted as hidden is what a server drops of what clients send; a password
// has to come in.
func TestHiddenFieldsAreNoted(t *testing.T) {
	f := func(collection, want string) {
		t.Helper()
		dir := t.TempDir()
		begin(t, dir, collection, "ts", schema)
		if got := read(t, dir, ".hapta/schema/"+collection+".hidden.json"); got != want+"\n" {
			t.Errorf("noted %s, want %s", got, want)
		}
	}
	f("notes", `["secret"]`)
	f("users", `["tokenKey"]`)
	f("tags", `[]`)
}

func TestFieldsAreNotedAnew(t *testing.T) {
	dir := t.TempDir()
	if err := RefreshFields(dir, schema); err != nil {
		t.Error(err)
	}
	begin(t, dir, "tags", "ts", schema)
	const want = `["id","clerk","label"]` + "\n"
	note := filepath.Join(dir, ".hapta/schema/tags.json")
	if got := read(t, note); got != want {
		t.Errorf("noted %s, want %s", got, want)
	}
	put(t, note, `["id"]`)
	put(t, filepath.Join(dir, ".hapta/schema/gone.json"), `["id"]`)
	put(t, filepath.Join(dir, ".hapta/schema/tags.hidden.json"), `["label"]`)
	if err := RefreshFields(dir, schema); err != nil {
		t.Error(err)
	}
	if got := read(t, note); got != want {
		t.Errorf("noted %s, want %s", got, want)
	}
	if got := read(t, dir, ".hapta/schema/tags.hidden.json"); got != "[]\n" {
		t.Errorf("noted as hidden %s", got)
	}
	if got := read(t, dir, ".hapta/schema/gone.json"); got != `["id"]` {
		t.Errorf("a collection that is gone has %s", got)
	}
	if _, err := os.Stat(filepath.Join(dir, ".hapta/schema/notes.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("fields were noted that nobody asked for: %v", err)
	}
}
