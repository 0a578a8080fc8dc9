package httpapi

import (
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// seed makes what the tests ask for.
func seed(a core.App) error {
	app = a
	recordArrivals(a)
	sayHeaders(a)
	return errors.Join(set(a), seedNotes(a), seedLimited(a), seedTask(a), seedUser(a), seedBulk(a))
}

// set has PocketBase believe Hapta's word about addresses, as the README says,
// let superusers in from Hapta's own alone, and allow each address to list
// the collection limited once.
func set(a core.App) error {
	settings := a.Settings()
	settings.Batch.Enabled = true
	settings.TrustedProxy.Headers = []string{"X-Forwarded-For"}
	settings.SuperuserIPs = []string{"127.0.0.1"}
	settings.RateLimits.Enabled = true
	settings.RateLimits.Rules = []core.RateLimitRule{{Label: "limited:list", MaxRequests: 1, Duration: 3600}}
	return a.Save(settings)
}

// seedNotes makes notes, which are everyone's.
func seedNotes(a core.App) error {
	notes, public := core.NewBaseCollection("notes"), ""
	notes.Fields.Add(&core.TextField{Name: "title"}, &core.FileField{Name: "doc"})
	notes.ListRule, notes.ViewRule, notes.CreateRule, notes.UpdateRule, notes.DeleteRule = &public, &public, &public, &public, &public
	if err := a.Save(notes); err != nil {
		return err
	}
	notes.Fields.Add(&core.RelationField{Name: "peer", CollectionId: notes.Id}) // the policy of the tests asks for it
	return a.Save(notes)
}

func seedLimited(a core.App) error {
	limited, public := core.NewBaseCollection("limited"), ""
	limited.ListRule = &public
	return a.Save(limited)
}

const (
	taskID   = "abcdefghij12345"
	taskFile = "a b_1.txt"
)

// seedTask makes tasks, of which there is one.
func seedTask(a core.App) error {
	tasks, public := core.NewBaseCollection("tasks"), ""
	tasks.Fields.Add(&core.FileField{Name: "doc"})
	tasks.ListRule, tasks.ViewRule = &public, &public
	if err := a.Save(tasks); err != nil {
		return err
	}
	task := core.NewRecord(tasks)
	task.Id = taskID
	task.Set("doc", &filesystem.File{Name: taskFile, OriginalName: taskFile, Size: 4, Reader: &filesystem.BytesReader{Bytes: []byte("text")}})
	return a.Save(task)
}

// seedBulk makes bulk, a page of which takes megabytes.
func seedBulk(a core.App) error {
	bulk, public := core.NewBaseCollection("bulk"), ""
	bulk.Fields.Add(&core.TextField{Name: "text", Max: 1 << 20})
	bulk.ListRule = &public
	if err := a.Save(bulk); err != nil {
		return err
	}
	for range 8 {
		record := core.NewRecord(bulk)
		record.Set("text", strings.Repeat("x", 1<<19))
		if err := a.Save(record); err != nil {
			return err
		}
	}
	return nil
}

// seedUser makes one, and passwords cheap.
func seedUser(a core.App) error {
	for _, name := range []string{"users", core.CollectionNameSuperusers} {
		c, err := a.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		c.Fields.GetByName("password").(*core.PasswordField).Cost = 4 // bcrypt's least
		if err := a.Save(c); err != nil {
			return err
		}
	}
	users, err := a.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	user := core.NewRecord(users)
	user.SetEmail("a@example.com")
	user.SetPassword("a password")
	return a.Save(user)
}
