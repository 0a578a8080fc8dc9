package demo

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// Password is every demo user's; their addresses are user01@example.com and on.
const Password = "hapta-demo"

const (
	userCount    = 40
	postCount    = 200
	commentCount = 400
)

// Load makes the demo's collections and records unless its posts exist. It
// makes all or nothing.
func Load(app core.App) error {
	if _, err := app.FindCollectionByNameOrId("posts"); err == nil {
		return nil
	}
	err := app.RunInTransaction(func(tx core.App) error {
		for _, step := range []func(core.App) error{addCollections, addUsers, addFollowers, addPosts, addComments} {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("the demo data cannot be loaded: %w", err)
	}
	return nil
}

// Ids are as long as PocketBase's own and tell what they are of; n counts from 1.

func userID(n int) string    { return fmt.Sprintf("user%011d", n) }
func postID(n int) string    { return fmt.Sprintf("post%011d", n) }
func commentID(n int) string { return fmt.Sprintf("comment%08d", n) }

// save stores a record under that id.
func save(app core.App, record *core.Record, id string) error {
	record.Id = id
	if err := app.Save(record); err != nil {
		return fmt.Errorf("%s %s: %w", record.Collection().Name, id, err)
	}
	return nil
}

func newRecord(app core.App, collection string) (*core.Record, error) {
	c, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		return nil, fmt.Errorf("collection %s: %w", collection, err)
	}
	return core.NewRecord(c), nil
}
