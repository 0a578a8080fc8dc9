package sharing

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// seed makes the collections of the tests, with every rule empty:
//
//	people    auth; of a team, with friends among each other
//	members   auth, a second one; of a team too, and without a role
//	teams     led by one of the people
//	posts     by one of the people, edited by several, perhaps below another
//	comments  on posts, by members
//	titles    a view of posts and their authors' names
//	words     a view of that view
//	clocks    a view that reads the clock
func seed(a core.App) error {
	app = a
	teams, people, members := core.NewBaseCollection("teams"), core.NewAuthCollection("people"), core.NewAuthCollection("members")
	posts, comments := core.NewBaseCollection("posts"), core.NewBaseCollection("comments")
	text := func(name string) core.Field { return &core.TextField{Name: name} }
	to := func(name string, c *core.Collection, max int) core.Field {
		return &core.RelationField{Name: name, CollectionId: c.Id, MaxSelect: max}
	}
	teams.Fields.Add(text("name"), &core.BoolField{Name: "open"}, &core.DateField{Name: "founded"})
	people.Fields.Add(text("name"), &core.TextField{Name: "role", Hidden: true}, &core.JSONField{Name: "meta"}, to("team", teams, 1))
	members.Fields.Add(text("name"), to("team", teams, 1))
	posts.Fields.Add(
		text("title"), &core.NumberField{Name: "count"}, &core.DateField{Name: "published"}, &core.JSONField{Name: "meta"},
		&core.GeoPointField{Name: "place"}, &core.SelectField{Name: "tags", Values: []string{"a", "b", "c"}, MaxSelect: 3},
		to("author", people, 1), to("editors", people, 3), to("team", teams, 1),
	)
	comments.Fields.Add(text("body"), to("post", posts, 1), to("by", members, 1))
	titles, wordsOf, clocks := core.NewViewCollection("titles"), core.NewViewCollection("words"), core.NewViewCollection("clocks")
	titles.ViewQuery = "SELECT posts.id, posts.title, posts.team, people.name FROM posts LEFT JOIN people ON people.id = posts.author"
	wordsOf.ViewQuery = "SELECT id, title FROM titles WHERE title != ''"
	clocks.ViewQuery = "SELECT id, datetime('now') as time FROM posts"
	for _, c := range []*core.Collection{teams, people, members, posts, comments, titles, wordsOf, clocks} {
		c.ListRule, c.ViewRule = types.Pointer(""), types.Pointer("")
		if password, ok := c.Fields.GetByName("password").(*core.PasswordField); ok {
			password.Cost = 4 // bcrypt's least, to save time
		}
		if err := a.Save(c); err != nil {
			return err
		}
	}
	// to what was not there yet
	teams.Fields.Add(to("lead", people, 1))
	people.Fields.Add(to("friends", people, 3))
	posts.Fields.Add(to("parent", posts, 1))
	return errors.Join(a.Save(teams), a.Save(people), a.Save(posts))
}
