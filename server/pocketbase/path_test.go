package pocketbase

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// social is a small schema: users follow users, write posts and comments.
func social() *Schema {
	users := core.NewAuthCollection("users", "u0000")
	users.Fields.Add(
		&core.TextField{Name: "name"},
		&core.RelationField{Name: "friends", CollectionId: "u0000", MaxSelect: 9},
	)
	posts := core.NewBaseCollection("posts", "p0000")
	posts.Fields.Add(
		&core.TextField{Name: "title"},
		&core.JSONField{Name: "meta"},
		&core.GeoPointField{Name: "place"},
		&core.SelectField{Name: "tags", Values: []string{"a"}, MaxSelect: 3},
		&core.RelationField{Name: "author", CollectionId: "u0000"},
		&core.RelationField{Name: "lost", CollectionId: "gone"},
	)
	comments := core.NewBaseCollection("comments", "c0000")
	comments.Fields.Add(
		&core.RelationField{Name: "post", CollectionId: "p0000"},
		&core.RelationField{Name: "by_via_x", CollectionId: "p0000"},
		&core.TextField{Name: "body"},
	)
	var all []*Collection
	for _, c := range []*core.Collection{users, posts, comments} {
		all = append(all, newCollection(c, []byte(c.Name)))
	}
	return newSchema(all)
}

func TestResolvePath(t *testing.T) {
	s := social()
	f := func(from, path, crossed, steps string) {
		t.Helper()
		c := s.Find(from)
		collections, err := c.ResolvePath(s, path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		var names, visited []string
		for _, c := range collections {
			names = append(names, c.Name)
		}
		taken, _ := c.Steps(s, path)
		for _, step := range taken {
			visited = append(visited, step.Collection.Name+"."+step.Field)
		}
		if got := strings.Join(names, " "); got != crossed {
			t.Errorf("%s crosses into %q, want %q", path, got, crossed)
		}
		if got := strings.Join(visited, " "); got != steps {
			t.Errorf("%s names %q, want %q", path, got, steps)
		}
	}
	f("posts", "id", "", "posts.id")
	f("posts", "title:lower", "", "posts.title")
	f("posts", "tags:each", "", "posts.tags")
	f("posts", "author", "", "posts.author")
	f("posts", "meta.a.0.b", "", "posts.meta")
	f("posts", "meta", "", "posts.meta")
	f("posts", "place.lon", "", "posts.place")
	f("posts", "author.name", "users", "posts.author users.name")
	f("posts", "author.friends.id", "users users", "posts.author users.friends users.id")
	f("users", "friends.name", "users", "users.friends users.name")
	f("posts", "comments_via_post.body", "comments comments", "comments.post comments.body")
	f("posts", "COMMENTS_via_post.id", "comments comments", "comments.post comments.id")
	f("posts", "comments(post).body", "comments comments", "comments.post comments.body")
	f("posts", "c0000_via_post.post.author.name", "comments comments posts users", "comments.post comments.post posts.author users.name")
	f("users", "posts_via_author.comments_via_post.body", "posts comments comments", "posts.author comments.post comments.body")
}

func TestResolvePathRefusesWhatPocketBaseCannotFollow(t *testing.T) {
	s := social()
	f := func(from, path, want string) {
		t.Helper()
		_, err := s.Find(from).ResolvePath(s, path)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", path, err, want)
		}
	}
	f("posts", "", "no field")
	f("posts", "nothing", "no field")
	f("posts", "Title", "no field")
	f("posts", "title:upper", "unknown modifier")
	f("posts", "title.x", "is no relation")
	f("posts", "author.nothing", "users has no field")
	f("posts", "author.", "no field")
	f("posts", "lost.id", "is not known")
	f("posts", "nothing_via_post.id", "no collection")
	f("posts", "comments_via_body.id", "does not relate to posts")
	f("posts", "comments_via_by_via_x.id", "no collection") // the last _via_ parts them
	f("users", "comments_via_post.id", "does not relate to users")
	f("users", "friends.friends.friends.friends.friends.friends.friends.id", "more than 6")
	f("posts", "@request.auth.id", "no field")
}

// TestPathsAgreeWithPocketBase asks PocketBase itself about each path.
func TestPathsAgreeWithPocketBase(t *testing.T) {
	d := openEmbedded(t, nil)
	r := asSuperuser(t, d, "PUT", "/api/collections/import", `{"collections":[
		{"name":"posts","type":"base","id":"pbc_0000000001","fields":[{"name":"title","type":"text"},{"name":"meta","type":"json"},{"name":"author","type":"relation","collectionId":"_pb_users_auth_"}]},
		{"name":"comments","type":"base","id":"pbc_0000000002","fields":[{"name":"body","type":"text"},{"name":"post","type":"relation","collectionId":"pbc_0000000001"}]}]}`)
	if r.Status != 204 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	token, err := d.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"id", "title", "title:lower", "title:upper", "Title", "meta.a.b", "title.x", "author.name", "author.nothing", "author.",
		"comments_via_post.body", "COMMENTS_via_post.body", "pbc_0000000002_via_post.id", "comments_via_body.id", "users_via_avatar.id",
		"author.posts_via_author.comments_via_post.post.author.posts_via_author.id",
		"author.posts_via_author.author.posts_via_author.author.posts_via_author.author.id",
	} {
		_, err := d.Schema().Find("posts").ResolvePath(d.Schema(), path)
		r := fetch(t, d, &Request{Method: "GET", Path: "/api/collections/posts/records", RawQuery: "filter=" + path + "!=%22%22", Token: token})
		if (err == nil) != (r.Status == 200) {
			t.Errorf("%s: PocketBase answers %d %s, here it is %v", path, r.Status, r.Body, err)
		}
	}
}

func TestFindPrefersWhatPocketBasePrefers(t *testing.T) {
	var all []*Collection
	for _, c := range []*core.Collection{
		core.NewBaseCollection("first", "one"), core.NewBaseCollection("second", "first"), core.NewBaseCollection("ONE", "third"),
	} {
		all = append(all, newCollection(c, nil))
	}
	s := newSchema(all)
	f := func(key, want string) {
		t.Helper()
		got := ""
		if c := s.Find(key); c != nil {
			got = c.Name
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	f("first", "first")
	f("FIRST", "first")
	f("one", "first")
	f("One", "ONE")
	f("third", "ONE")
	f("THIRD", "")
	f("ſecond", "second")
	f("", "")
}
