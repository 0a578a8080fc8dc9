package gateway

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// byOwner is the rule of letters: a draft is its owner's alone.
const byOwner = `draft = false || owner = @request.auth.id`

// seedLetters makes the collections of the exposure suite:
//
//	letters  a field of most kinds, each once hidden (h_) and once for the policy to mask (m_)
//	replies  relates to letters, once openly and once along a field that the policy masks
func seedLetters(a core.App, users *core.Collection) error {
	letters := core.NewBaseCollection("letters")
	letters.Fields.Add(
		&core.TextField{Name: "title"}, &core.BoolField{Name: "draft"},
		&core.RelationField{Name: "owner", CollectionId: users.Id},
		&core.FileField{Name: "scan", Protected: true},
	)
	for _, prefix := range []string{"h_", "m_"} {
		isHidden := prefix == "h_"
		letters.Fields.Add(
			&core.TextField{Name: prefix + "text", Hidden: isHidden},
			&core.NumberField{Name: prefix + "number", Hidden: isHidden},
			&core.BoolField{Name: prefix + "bool", Hidden: isHidden},
			&core.DateField{Name: prefix + "date", Hidden: isHidden},
			&core.JSONField{Name: prefix + "json", Hidden: isHidden},
			&core.GeoPointField{Name: prefix + "spot", Hidden: isHidden},
			&core.SelectField{Name: prefix + "tags", Values: []string{"a", "b", "c"}, MaxSelect: 3, Hidden: isHidden},
			&core.RelationField{Name: prefix + "to", CollectionId: users.Id, Hidden: isHidden},
			&core.RelationField{Name: prefix + "cc", CollectionId: users.Id, MaxSelect: 9, Hidden: isHidden},
			&core.FileField{Name: prefix + "file", Protected: true, Hidden: isHidden},
			&core.EmailField{Name: prefix + "mail", Hidden: isHidden},
		)
	}
	letters.ListRule, letters.ViewRule, letters.UpdateRule = rule(byOwner), rule(byOwner), rule(byOwner)
	letters.CreateRule, letters.DeleteRule = rule(""), rule("owner = @request.auth.id")
	if err := a.Save(letters); err != nil {
		return err
	}
	replies := core.NewBaseCollection("replies")
	replies.Fields.Add(
		&core.TextField{Name: "text"}, &core.RelationField{Name: "author", CollectionId: users.Id},
		&core.RelationField{Name: "letter", CollectionId: letters.Id},
		&core.RelationField{Name: "about", CollectionId: letters.Id},
	)
	replies.ListRule, replies.ViewRule, replies.CreateRule = rule(""), rule(""), rule("")
	replies.UpdateRule, replies.DeleteRule = rule(""), rule("")
	return a.Save(replies)
}

// The records of the exposure suite. What is secret of them is Vic's.
const (
	vic, other = "vic000000000000", "other0000000000"
	shown      = "shown0000000000" // Vic's letter, for everyone to see
	draft      = "draft0000000000" // Vic's, hidden from others
	own        = "own000000000000" // the other's
	reply      = "reply0000000000" // to the letter that is shown
	toDraft    = "todraft00000000" // to the one that is not
	about      = "about0000000000" // the letter it is about is masked
)

// correspondence stores them, and signs the other in.
func (w *world) correspondence() (token string) {
	w.Helper()
	for _, name := range []string{"replies", "letters"} {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			w.Fatal(err)
		}
		if err := app.TruncateCollection(c); err != nil {
			w.Fatal(err)
		}
	}
	w.account("users", "vic@example.com", map[string]any{"id": vic, "name": "Vic", "private": true, "bio": "quiet"})
	_, token = w.user("kim@example.com", map[string]any{"id": other, "name": "Other"})
	file := func(name string) *filesystem.File {
		f := upload(w.T, name, "content")
		f.Name = name // without a random part
		return f
	}
	for _, letter := range []map[string]any{
		{"id": shown, "title": "shown", "owner": vic, "scan": file("scan.txt"), "m_file": file("kept.txt"), "h_file": file("deep.txt")},
		{"id": draft, "title": "draft", "owner": vic, "draft": true, "scan": file("scan.txt")},
		{"id": own, "title": "own", "owner": other, "h_text": "kim", "m_text": "kim", "h_number": 20, "m_number": 20}, // between what is planted
	} {
		w.record("letters", letter)
	}
	for _, r := range []map[string]any{
		{"id": reply, "text": "reply", "letter": shown, "author": other},
		{"id": toDraft, "text": "to draft", "letter": draft, "author": vic},
		{"id": about, "text": "about", "author": vic},
	} {
		w.record("replies", r)
	}
	return token
}

// set writes a column behind everyone's back.
func (w *world) set(collection, id, field, value string) {
	w.Helper()
	if _, err := app.DB().Update(collection, dbx.Params{field: value}, dbx.HashExp{"id": id}).Execute(); err != nil {
		w.Fatal(err)
	}
}
