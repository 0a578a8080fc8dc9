package sharing

import (
	"slices"
	"strings"
	"testing"
)

// said writes a sharing with the names of its collections.
func said(s Sharing) string {
	if s.Reach == Nobody {
		return "nobody"
	}
	names := []string{s.Reach.String()}
	if s.Views {
		names = append(names, "views")
	}
	var collections []string
	for _, id := range s.Collections {
		collections = append(collections, db.Schema().Find(id).Name)
	}
	slices.Sort(collections)
	return strings.Join(append(names, collections...), " ")
}

func TestRules(t *testing.T) {
	r := New(db.Schema())
	f := func(collection, rule, want string) {
		t.Helper()
		if got := said(r.rule(db.Schema().Find(collection), &rule)); got != want {
			t.Errorf("%s: %s is shared by %s; want %s", collection, rule, got, want)
		}
	}
	if got := r.rule(db.Schema().Find("posts"), nil); got.Reach != Nobody || len(got.Collections) != len(db.Schema().All()) {
		t.Errorf("superusers' own: %v", got)
	}
	f("posts", ``, "everyone")
	// fields of its own
	f("posts", `title != "" || (count > 1 && tags:length = 2 && tags:each ?= 'a')`, "everyone")
	f("posts", `title:lower ~ 'a' && meta.a.0.b = 1 && place.lon < 3 && author = "" && TRUE = null`, "everyone")
	f("posts", `title = "@request.auth.id" // && @now > 1`, "everyone")
	f("titles", `title = 'a'`, "everyone")
	// relations
	f("posts", `author.name = 'a'`, "everyone people")
	f("posts", `editors.team.name = 'a'`, "everyone people teams")
	f("posts", `comments_via_post.by.name ?= 'a'`, "everyone comments members")
	f("titles", `team.name = 'a'`, "everyone teams")
	// back into itself
	f("posts", `parent.title = 'a'`, "everyone posts")
	f("posts", `posts_via_parent.id ?= ''`, "everyone posts")
	f("posts", `comments_via_post.post.title ?= 'a'`, "everyone comments posts")
	f("posts", `@collection.posts.title ?= title`, "everyone posts")
	f("people", `friends.friends.id ?= id`, "everyone people")
	// other collections
	f("posts", `@collection.comments.body ?= title`, "everyone comments")
	f("posts", `@collection.TEAMS:mine.lead.name ?= title`, "everyone people teams")
	f("posts", `@collection.words.id ?= id`, "everyone views people posts titles words")
	// the caller
	f("posts", `@request.auth.id != "" && @request.auth.collectionName = 'people'`, "identity")
	f("posts", `@request.auth.id = author`, "identity")
	f("posts", `@request.auth.verified = true`, "identity")
	f("posts", `@request.auth.missing = 'a'`, "identity")
	f("posts", `@request.auth.team.name = 'a'`, "identity teams")
	f("posts", `@request.auth.comments_via_by.post.title ?= 'a'`, "identity comments posts")
	f("posts", `@request.auth.friends.posts_via_author.id ?= id`, "identity people posts")
	f("people", `@request.auth.id = id || @request.auth.role = role`, "identity")
	// functions
	f("posts", `geoDistance(place.lon, place.lat, 1, 2) < 3`, "everyone")
	f("posts", `strftime('%Y', published) = '2020' && strftime('%Y', team.founded, '+1 day') = '2020'`, "everyone teams")
	f("posts", `geoDistance(@request.auth.meta.lon, 1, place.lon, 2) < 3`, "identity")
	// nobody's
	for _, rule := range []string{
		`@request.headers.x = 'a'`, `@request.query.x = 'a'`, `@request.method = 'GET'`, `@request.context = 'expand'`,
		`@request.body.title = 'a'`, `@request.body.author.name = 'a'`, `title = 'a' || (count = 1 && @request.body.title:isset = true)`,
		`published < @now`, `count = @year`, `@todayStart > '' || title = 'a'`, `published < @unheard`,
		`@request.auth = 'a'`, `@request = 'a'`, `@collection.posts = 'a'`, `@collection.missing.id = 'a'`, `@collection.teams.missing = 'a'`,
		`missing = 'a'`, `author.missing = 'a'`, `title.name = 'a'`, `comments_via_by.id = 'a'`, `title:other = 'a'`,
		`friends.friends.friends.friends.friends.friends.friends.name = 'a'`, `#title = 'a'`,
		`strftime('%Y') = '2020'`, `strftime('%Y', 'now') = '2020'`, `strftime('%Y', title) = '2020'`, `strftime('%Y', meta.a) = '2020'`,
		`strftime('%Y', @now) = '2020'`, `strftime('%Y', @request.auth.created) = '2020'`, `strftime(title, published) = '2020'`, `other(title) = 1`,
		`geoDistance(@request.query.lon, 1, 1, 2) < 3`, `@collection.clocks.id ?= id`, `title = 'a\\'`, "title = 'a' \x00", ` `, `// nothing`, `title =`, `title`,
	} {
		f("posts", rule, "nobody")
	}
}
