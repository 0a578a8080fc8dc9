package demo

import (
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	anyone   = ""
	signedIn = "@request.auth.id != ''"
	// newcomer keeps a sign-up from what the policy keeps from an update: the
	// two decide together.
	newcomer = "@request.body.validVerified:isset = false && @request.body.postr_plus:isset = false && " +
		"@request.body.followers:isset = false && @request.body.postr_subscriber_since:isset = false"
)

var (
	pictures = []string{"image/png", "image/jpeg", "image/webp"}
	tags     = []string{"books", "cooking", "cycling", "film", "garden", "music", "outdoors", "photography", "tech", "travel"}
)

func addCollections(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil { // PocketBase makes it for a new app; it may have been deleted
		users = core.NewAuthCollection("users")
	}
	// The users relate to themselves, so they are stored before they do.
	describeUsers(users)
	if err := app.Save(users); err != nil {
		return fmt.Errorf("collection users: %w", err)
	}
	users.Fields.Add(
		&core.RelationField{Name: "followers", CollectionId: users.Id, MaxSelect: 999},
		&core.RelationField{Name: "following", CollectionId: users.Id, MaxSelect: 999},
	)
	users.CreateRule = types.Pointer(newcomer)
	posts := describePosts(users)
	comments := describeComments(users, posts)
	return errors.Join(app.Save(users), app.Save(posts), app.Save(comments))
}

func describeUsers(users *core.Collection) {
	users.Fields.Add(
		&core.TextField{Name: "username", Max: 40},
		&core.TextField{Name: "name", Max: 100},
		&core.TextField{Name: "bio", Max: 500},
		&core.BoolField{Name: "private"},
		&core.BoolField{Name: "validVerified"},
		&core.BoolField{Name: "postr_plus"},
		&core.DateField{Name: "postr_subscriber_since"},
		&core.FileField{Name: "avatar", MimeTypes: pictures, MaxSize: 1 << 20},
		&core.TextField{Name: "moderation_note", Hidden: true},
	)
	addDates(users)
	users.AddIndex("idx_users_username", true, "`username`", "`username` != ''")
	users.AuthAlert.Enabled = false // there is no mail server to send alerts by
	allow(users, anyone, anyone, signedIn, signedIn)
}

// describePosts leaves all rules null: their policy decides alone.
func describePosts(users *core.Collection) *core.Collection {
	posts := core.NewBaseCollection("posts")
	posts.Fields.Add(
		&core.TextField{Name: "title", Max: 200},
		&core.TextField{Name: "body", Max: 20_000},
		&core.SelectField{Name: "tags", Values: tags, MaxSelect: 5},
		&core.FileField{Name: "image", MimeTypes: pictures, MaxSize: 5 << 20},
		&core.BoolField{Name: "published"},
		&core.RelationField{Name: "author", CollectionId: users.Id, Required: true, CascadeDelete: true},
		&core.NumberField{Name: "internal_score", Hidden: true},
	)
	addDates(posts)
	posts.AddIndex("idx_posts_author", false, "`author`", "")
	return posts
}

func describeComments(users, posts *core.Collection) *core.Collection {
	comments := core.NewBaseCollection("comments")
	comments.Fields.Add(
		&core.RelationField{Name: "post", CollectionId: posts.Id, Required: true, CascadeDelete: true},
		&core.RelationField{Name: "author", CollectionId: users.Id, Required: true, CascadeDelete: true},
		&core.TextField{Name: "body", Required: true, Max: 2_000},
	)
	addDates(comments)
	comments.AddIndex("idx_comments_post", false, "`post`", "")
	allow(comments, anyone, signedIn, signedIn, signedIn)
	return comments
}

func addDates(c *core.Collection) {
	c.Fields.Add(
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
}

// allow sets the API rules; list and view share one.
func allow(c *core.Collection, read, create, update, remove string) {
	c.ListRule, c.ViewRule = types.Pointer(read), types.Pointer(read)
	c.CreateRule, c.UpdateRule, c.DeleteRule = types.Pointer(create), types.Pointer(update), types.Pointer(remove)
}
