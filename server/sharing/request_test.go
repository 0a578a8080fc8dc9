package sharing

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// ruled gives collections rules until the test ends.
func ruled(t *testing.T, set map[string]func(*core.Collection)) *Rules {
	t.Helper()
	t.Cleanup(func() { unruled(t) })
	for name, change := range set {
		save(t, name, change)
	}
	return New(db.Schema())
}

// unruled gives all collections the rules they had in the beginning.
func unruled(t *testing.T) {
	t.Helper()
	for _, c := range db.Schema().All() {
		if !c.System {
			save(t, c.Name, rules("", ""))
		}
	}
}

func save(t *testing.T, name string, change func(*core.Collection)) {
	t.Helper()
	c, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		t.Fatal(err)
	}
	change(c)
	if err := app.Save(c); err != nil {
		t.Fatal(err)
	}
}

func rules(list, view string) func(*core.Collection) {
	return func(c *core.Collection) {
		c.ListRule, c.ViewRule, c.ManageRule = types.Pointer(list), types.Pointer(view), nil
	}
}

func TestRequests(t *testing.T) {
	r := ruled(t, map[string]func(*core.Collection){
		"teams":    rules(`@request.auth.name != "" // ) || (@request.auth.id = ''`, `name != ""`),
		"posts":    rules(`author.name != ""`, `@request.auth.id != ""`),
		"comments": func(c *core.Collection) { c.ListRule, c.ViewRule = types.Pointer("@collection.teams.id ?= id"), nil },
		"members":  func(c *core.Collection) { c.ManageRule = types.Pointer(`@request.auth.team.lead = id`) },
	})
	f := func(collection string, q Request, want string) {
		t.Helper()
		q.Collection = db.Schema().Find(collection)
		if got := said(r.Of(q)); got != want {
			q.Collection = nil
			t.Errorf("%s: %+v is shared by %s; want %s", collection, q, got, want)
		}
	}
	f("posts", Request{}, "everyone people posts")
	f("posts", Request{AsSuperuser: true}, "everyone posts")
	f("words", Request{}, "everyone views people posts titles words")
	f("words", Request{AsSuperuser: true}, "everyone views people posts titles words")
	f("clocks", Request{AsSuperuser: true}, "nobody")
	// one record
	f("posts", Request{View: true}, "identity")
	f("posts", Request{View: true, Filter: "@now = ''", Sort: "@random"}, "identity") // which a view does not heed
	f("posts", Request{View: true, AsSuperuser: true}, "everyone")
	f("teams", Request{View: true}, "everyone")
	f("comments", Request{View: true}, "nobody")
	f("comments", Request{View: true, AsSuperuser: true}, "everyone")
	f("titles", Request{View: true}, "everyone views people posts")
	f("words", Request{View: true, AsSuperuser: true}, "everyone views people posts titles")
	f("clocks", Request{View: true}, "nobody")
	// addresses
	f("people", Request{}, "identity people")
	f("people", Request{AsSuperuser: true}, "everyone people")
	f("people", Request{View: true}, "identity")
	f("members", Request{View: true}, "identity teams")
	f("members", Request{}, "identity members teams")
	f("_superusers", Request{View: true}, "nobody")
	// filters and sorts
	f("posts", Request{Filter: `title = "a"`, Sort: "-title, +count,@rowid"}, "everyone people posts")
	f("posts", Request{Filter: `comments_via_post.body ?= "a"`}, "everyone comments people posts teams")
	f("posts", Request{Filter: `team.name = "a"`}, "identity people posts teams")
	f("posts", Request{Sort: `team.name`}, "identity people posts teams")
	f("posts", Request{Sort: `team.name`, AsSuperuser: true}, "everyone posts teams")
	f("posts", Request{Filter: `editors.email = "a"`}, "everyone people posts")                                 // of visible ones
	f("comments", Request{Filter: `post.comments_via_post.body = "a"`}, "everyone comments people posts teams") // asks the rule of posts
	f("posts", Request{Filter: `published < @now`}, "nobody")
	f("posts", Request{Filter: `published < @now`, AsSuperuser: true}, "nobody")
	f("posts", Request{Filter: `@request.auth.id = author`}, "nobody")
	f("posts", Request{Filter: `@collection.teams.id ?= id`}, "nobody")
	f("posts", Request{Sort: "@random"}, "nobody")
	f("posts", Request{Sort: "title,"}, "nobody")
	f("posts", Request{Sort: "missing"}, "nobody")
	// expansions
	f("posts", Request{Expand: "team"}, "everyone people posts teams")
	f("posts", Request{Expand: " team.lead ,, editors."}, "identity people posts teams")
	f("posts", Request{Expand: "team.lead", AsSuperuser: true}, "everyone people posts teams")
	f("posts", Request{Expand: "comments_via_post"}, "nobody")
	f("posts", Request{Expand: "comments(post).by", AsSuperuser: true}, "everyone comments members posts")
	f("posts", Request{View: true, Expand: "team"}, "identity teams")
	f("posts", Request{View: true, Expand: "parent", AsSuperuser: true}, "everyone posts")
	f("teams", Request{View: true, Expand: "posts_via_team"}, "identity posts")
	f("teams", Request{View: true, Expand: "posts_via_team.team"}, "identity posts teams")
	f("teams", Request{View: true, Expand: "title"}, "nobody")
	f("people", Request{Expand: "friends.friends.friends.friends.friends.friends.nothing"}, "identity people")
	f("titles", Request{Expand: "team"}, "everyone views people posts teams titles")
}
