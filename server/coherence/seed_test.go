package coherence

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// rules are those that each collection begins with; see also anyRule.
var rules = map[string]*string{
	"users": rule(""), "teams": rule(""), "posts": rule(""), "letters": nil, "replies": rule(""), "boxes": rule(""), "titles": rule(""),
	"members": rule(`id = @request.auth.id || team.open = true`),
	"drafts":  rule(`author = @request.auth.id`),
	"staff":   rule(`@request.auth.role = "moderator"`),
	"crossed": rule(`team.lead = @request.auth.id || @collection.members.name ?= title`),
	"asked":   rule(`@request.headers.x_key != "no"`),
}

func rule(text string) *string { return types.Pointer(text) }

// seed makes the collections of the tests. All records carry a number n that grows with
// each write.
//
//	users    auth, judged by rules and a policy that looks at the caller's role
//	members  auth, a second one
//	teams    led by one of the users; judged by a policy that reads what is asked
//	posts    public, by users and members, below each other; with a hidden field
//	drafts   their author's, and gone with them
//	staff    notes on posts, for a role, and gone with the post
//	crossed  by rules that read other collections
//	asked    by a rule that reads what is asked
//	letters  judged by a policy alone
//	replies  judged by rules and a policy
//	boxes    of which a policy drops some
//	titles   a view of posts and their authors
func seed(a core.App) error {
	app = a
	made := map[string]*core.Collection{"members": core.NewAuthCollection("members")}
	users, err := a.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	made["users"] = users
	for _, name := range []string{"teams", "posts", "drafts", "staff", "crossed", "asked", "letters", "replies", "boxes"} {
		made[name] = core.NewBaseCollection(name)
	}
	text := func(name string) core.Field { return &core.TextField{Name: name} }
	add := func(c string, fields ...core.Field) { made[c].Fields.Add(fields...) }
	for _, name := range written {
		add(name, &core.NumberField{Name: "n"})
	}
	add("users", &core.TextField{Name: "role", Hidden: true}, text("bio"), &core.BoolField{Name: "private"})
	add("members", text("name"))
	add("teams", text("name"), &core.BoolField{Name: "open"})
	add("posts", text("title"), &core.TextField{Name: "secret", Hidden: true})
	add("drafts", text("title"))
	add("staff", text("title"))
	add("crossed", text("title"))
	add("asked", text("title"))
	add("letters", text("title"), &core.BoolField{Name: "draft"}, text("m_text"), &core.TextField{Name: "h_text", Hidden: true})
	add("replies", text("text"))
	add("boxes", text("title"))
	if err := saved(a, made); err != nil {
		return err
	}
	to := func(c, name, target string, max int, cascade bool) {
		add(c, &core.RelationField{Name: name, CollectionId: made[target].Id, MaxSelect: max, CascadeDelete: cascade})
	}
	to("members", "team", "teams", 1, false)
	to("teams", "lead", "users", 1, false)
	to("posts", "author", "users", 1, false)
	to("posts", "editors", "members", 3, false)
	to("posts", "team", "teams", 1, false)
	to("posts", "parent", "posts", 1, false)
	to("drafts", "author", "users", 1, true)
	to("drafts", "post", "posts", 1, false)
	to("staff", "post", "posts", 1, true)
	to("crossed", "team", "teams", 1, false)
	to("asked", "post", "posts", 1, false)
	to("letters", "owner", "users", 1, false)
	to("letters", "post", "posts", 1, false)
	to("replies", "author", "users", 1, false)
	to("replies", "letter", "letters", 1, false)
	to("replies", "about", "letters", 1, false)
	to("boxes", "post", "posts", 1, false)
	if err := saved(a, made); err != nil {
		return err
	}
	for name, c := range made {
		c.ListRule, c.ViewRule = rules[name], rules[name]
		c.CreateRule, c.UpdateRule, c.DeleteRule = rule(""), rule(""), rule("")
		if password, ok := c.Fields.GetByName("password").(*core.PasswordField); ok {
			password.Cost = 4 // bcrypt's least, to save time
		}
	}
	made["members"].ManageRule = rule(`@request.auth.role = "moderator"`)
	if err := saved(a, made); err != nil {
		return err
	}
	titles := core.NewViewCollection("titles")
	titles.ViewQuery, titles.ListRule, titles.ViewRule = viewQueries[0], rules["titles"], rules["titles"]
	settings := a.Settings()
	settings.Batch.Enabled, settings.Logs.MaxDays = true, 0 // its log of requests takes half of the time
	return errors.Join(a.Save(titles), a.Save(settings))
}

var viewQueries = []string{
	"SELECT posts.id, posts.title, posts.n, users.name FROM posts LEFT JOIN users ON users.id = posts.author",
	"SELECT posts.id, posts.title, posts.n, teams.name FROM posts LEFT JOIN teams ON teams.id = posts.team",
}

func saved(a core.App, all map[string]*core.Collection) error {
	for _, name := range written {
		if err := a.Save(all[name]); err != nil {
			return err
		}
	}
	return nil
}
