package gateway

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// byHeader is a rule that a request turns against itself by sending "X-Rules: no".
const byHeader = `@request.headers.x_rules != "no"`

// app is the embedded PocketBase as a library, to look behind Hapta's back.
var app core.App

// seed makes the collections of the tests:
//
//	users     auth, with a hidden field and addresses of both visibilities
//	members   auth, a second one, each its own, with a protected file,
//	          one-time passwords, and two factors for some
//	notes     a field of most kinds, hidden ones included; rules by header
//	comments  relates to notes and users
//	plain     never has a policy of its own
//	titles    a view of those of notes
func seed(a core.App) error {
	app = a
	users, err := a.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	users.Fields.Add(
		&core.TextField{Name: "bio"}, &core.BoolField{Name: "private"}, &core.NumberField{Name: "followers"},
		&core.TextField{Name: "role", Hidden: true},
	)
	users.ListRule, users.ViewRule, users.CreateRule = rule(""), rule(""), rule("")
	users.UpdateRule, users.DeleteRule = rule("@request.auth.id = id"), rule("@request.auth.id = id")
	members := core.NewAuthCollection("members")
	members.Fields.Add(&core.FileField{Name: "diary", Protected: true})
	members.ViewRule = rule("@request.auth.id = id")
	members.OTP.Enabled, members.MFA.Enabled, members.MFA.Rule = true, true, `email ~ "two.factors"`

	notes := core.NewBaseCollection("notes")
	notes.Fields.Add(
		&core.TextField{Name: "title"}, &core.TextField{Name: "bio"}, &core.NumberField{Name: "count"},
		&core.SelectField{Name: "tags", Values: []string{"a", "b", "c", "d"}, MaxSelect: 4},
		&core.FileField{Name: "docs", MaxSelect: 5}, &core.FileField{Name: "image"},
		&core.FileField{Name: "scan", Protected: true},
		&core.TextField{Name: "pin", AutogeneratePattern: "[0-9]{6}"}, &core.JSONField{Name: "meta"},
		&core.TextField{Name: "private_note"}, &core.TextField{Name: "seen"},
		&core.TextField{Name: "secret", Hidden: true}, &core.NumberField{Name: "level", Hidden: true},
		&core.RelationField{Name: "owner", CollectionId: users.Id},
	)
	byRule(notes)
	for _, c := range []*core.Collection{users, members} {
		c.Fields.GetByName("password").(*core.PasswordField).Cost = 4 // bcrypt's least, to save time
	}
	comments, plain := core.NewBaseCollection("comments"), core.NewBaseCollection("plain")
	plain.Fields.Add(&core.TextField{Name: "title"}, &core.RelationField{Name: "owner", CollectionId: users.Id})
	byRule(plain)
	for _, c := range []*core.Collection{users, members, notes, plain} {
		if err := a.Save(c); err != nil {
			return err
		}
	}
	notes.Fields.Add(&core.RelationField{Name: "peer", CollectionId: notes.Id})
	comments.Fields.Add(
		&core.TextField{Name: "text"}, &core.RelationField{Name: "note", CollectionId: notes.Id},
		&core.RelationField{Name: "author", CollectionId: users.Id},
		&core.RelationField{Name: "readers", CollectionId: users.Id, MaxSelect: 5},
	)
	byRule(comments)
	for _, c := range []*core.Collection{notes, comments} {
		if err := a.Save(c); err != nil {
			return err
		}
	}
	titles := core.NewViewCollection("titles")
	titles.ViewQuery, titles.ListRule, titles.ViewRule = "SELECT id, title FROM notes", rule(byHeader), rule(byHeader)
	if err := a.Save(titles); err != nil {
		return err
	}
	if err := seedLetters(a, users); err != nil {
		return err
	}
	settings := a.Settings()
	settings.Batch.Enabled = true
	if err := a.Save(settings); err != nil {
		return err
	}
	recordArrivals(a)
	return nil
}

func rule(text string) *string { return types.Pointer(text) }

func byRule(c *core.Collection) {
	c.ListRule, c.ViewRule, c.CreateRule = rule(byHeader), rule(byHeader), rule(byHeader)
	c.UpdateRule, c.DeleteRule = rule(byHeader), rule(byHeader)
}
