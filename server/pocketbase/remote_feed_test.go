package pocketbase

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// following is a remote database that runs, whose feed is alive. A bound that is not 0
// is the feed's.
func following(t *testing.T, address string, bound time.Duration) (*changes, *told) {
	t.Helper()
	d, log := openRemote(t, address, nil)
	if bound != 0 {
		d.backend.(*remote).feed.bound = bound
	}
	c := watched(t, d)
	running(t, d)
	log.wait(t, "changes that are made elsewhere are followed")
	c.await("the first gap", Change{Gap: true})
	c.live(true)
	return c, log
}

// gap waits until the feed is alive again, which a gap comes before.
func (c *changes) gap() {
	c.Helper()
	c.await("a gap", Change{Gap: true})
	c.live(true)
}

func TestRemoteTellsOfChanges(t *testing.T) {
	there, address := served(t, nil)
	app := there.backend.(*embedded).app
	founded(t, there)
	c, _ := following(t, address, 0)

	id := made(t, there, "parents", `{}`)
	c.await("a create", c.of("parents", id))
	done(t, asSuperuser(t, there, "PATCH", "/api/collections/parents/records/"+id, `{"name":"`+strings.Repeat("long", 1000)+`"}`))
	c.await("an update", c.of("parents", id))
	child, friend := made(t, there, "children", `{"of":"`+id+`"}`), made(t, there, "friends", `{"of":"`+id+`"}`)
	c.await("two creates", c.of("children", child), c.of("friends", friend))
	done(t, asSuperuser(t, there, "DELETE", "/api/collections/parents/records/"+id, ""))
	c.await("a delete that cascades and nulls", c.of("parents", id), c.of("children", child), c.of("friends", friend))
	done(t, asSuperuser(t, there, "DELETE", "/api/collections/friends/truncate", ""))
	c.await("a truncation", c.of("friends", friend))

	root, err := there.backend.(*embedded).admin.find()
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Save(root); err != nil {
		t.Fatal(err)
	}
	c.await("a superuser", c.of(core.CollectionNameSuperusers, root.Id))
}

// Through Hapta and past it: none of many is lost.
func TestRemoteTellsOfABurst(t *testing.T) {
	there, address := served(t, nil)
	app := there.backend.(*embedded).app
	founded(t, there)
	c, _ := following(t, address, 0)
	parents, err := app.FindCollectionByNameOrId("parents")
	if err != nil {
		t.Fatal(err)
	}
	var want []Change
	err = app.RunInTransaction(func(tx core.App) error {
		for i := range 1000 {
			record := core.NewRecord(parents)
			record.Id = fmt.Sprintf("burst%010d", i)
			want = append(want, c.of("parents", record.Id))
			if err := tx.Save(record); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c.await("a burst", want...)
}

func TestRemoteTellsOfNewCollections(t *testing.T) {
	there, address := served(t, nil)
	c, _ := following(t, address, 0)
	founded(t, there)
	if err := c.db.RefreshSchema(t.Context()); err != nil { // or within schemaPoll
		t.Fatal(err)
	}
	c.gap()
	id := made(t, there, "parents", `{}`)
	c.await("a create", c.of("parents", id))
}

// A stream that ends takes a gap along, and nothing is taken for told meanwhile.
func TestRemoteFeedIsCut(t *testing.T) {
	var closed atomic.Bool
	streams := make(chan struct{}, 100)
	there, address := served(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != realtime || r.Method != "GET" {
				next.ServeHTTP(w, r)
				return
			}
			streams <- struct{}{}
			if closed.Load() {
				http.Error(w, "no", http.StatusTeapot)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	founded(t, there)
	c, log := following(t, address, 0)
	cut := func() {
		for _, client := range there.backend.(*embedded).app.SubscriptionsBroker().Clients() {
			client.Discard() // as PocketBase ends a stream itself
		}
	}
	cut()
	c.gap()

	closed.Store(true)
	cut()
	log.wait(t, "status 418")
	c.live(false)
	made(t, there, "parents", `{}`)
	if !c.db.Ready() {
		t.Error("a feed that is down takes all down")
	}
	closed.Store(false)
	c.gap()
	id := made(t, there, "parents", `{}`)
	c.await("a create", c.of("parents", id))
}

// shortBound is long enough for a canary on a slow machine.
const shortBound = 6 * time.Second

// The stream of a superuser whose key has changed stays open and mute, and so does one
// that a change of the collection's secret has cut off, even one that was rolled back
// (apis/realtime.go). The canary finds out.
func TestRemoteFeedGoesMute(t *testing.T) {
	there, address := served(t, nil)
	app := there.backend.(*embedded).app
	founded(t, there)
	c, log := following(t, address, shortBound)
	r := c.db.backend.(*remote)
	mute := func(what, why string, do func()) {
		t.Helper()
		c.take()
		do()
		if n := app.SubscriptionsBroker().TotalClients(); n != 1 {
			t.Fatalf("%s: %d streams", what, n)
		}
		log.wait(t, why)
		for _, told := range c.take() {
			if told.Gap {
				t.Errorf("%s: a gap came before it was found out", what)
			}
		}
		c.gap()
		id := made(t, there, "parents", `{}`)
		c.await(what, c.of("parents", id))
	}
	mute("a stream that has lost its superuser", errMute.Error(), func() {
		for _, client := range app.SubscriptionsBroker().Clients() {
			client.Unset("auth")
		}
	})
	mute("a changed key", "are not followed", func() {
		record, err := app.FindAuthRecordByEmail(core.CollectionNameSuperusers, "root@example.com")
		if err != nil {
			t.Fatal(err)
		}
		record.RefreshTokenKey()
		if err := app.Save(record); err != nil {
			t.Fatal(err)
		}
		doubted := *r.session.Load()
		doubted.proved = time.Time{}
		r.session.Store(&doubted)
	})
}

// A superuser whose password is another one now takes the feed along, until it is
// right again.
func TestRemoteFeedLosesItsSuperuser(t *testing.T) {
	there, address := served(t, nil)
	app := there.backend.(*embedded).app
	c, _ := following(t, address, shortBound)
	set := func(password string) {
		t.Helper()
		record, err := app.FindAuthRecordByEmail(core.CollectionNameSuperusers, "root@example.com")
		if err != nil {
			t.Fatal(err)
		}
		record.SetPassword(password)
		if err := app.Save(record); err != nil {
			t.Fatal(err)
		}
	}
	set("another horse")
	c.live(false)
	c.until("unready", func() bool { return !c.db.Ready() })
	c.take()
	set("correct horse")
	c.gap()
	if !c.db.Ready() {
		t.Error("it follows, and is not ready")
	}
}

func TestRemoteFeedSurvivesARestart(t *testing.T) {
	address := freeAddress(t)
	var cfg EmbeddedConfig
	there := openEmbedded(t, func(c *EmbeddedConfig) { c.Dashboard = address; cfg = *c })
	founded(t, there)
	c, _ := following(t, "http://"+address, 0)
	if err := there.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.live(false)
	c.take()
	there, err := OpenEmbedded(t.Context(), cfg, quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := there.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	c.gap()
	id := made(t, there, "parents", `{}`)
	c.await("a create", c.of("parents", id))
}

// Where the canary may not be written changes are told all the same, and nobody takes
// them for complete.
func TestRemoteFeedWithoutACanary(t *testing.T) {
	there, address := served(t, nil)
	app := there.backend.(*embedded).app
	founded(t, there)
	refuse := func(e *core.RecordRequestEvent) error { return e.ForbiddenError("Not in my database.", nil) }
	app.OnRecordCreateRequest(core.CollectionNameAuthOrigins).BindFunc(refuse)
	app.OnRecordUpdateRequest(core.CollectionNameAuthOrigins).BindFunc(refuse)
	d, log := openRemote(t, address, nil)
	d.backend.(*remote).feed.bound = shortBound / 10
	c := watched(t, d)
	running(t, d)
	log.wait(t, "whether all come is not known")
	c.await("the first gap", Change{Gap: true})
	for range 3 {
		id := made(t, there, "parents", `{}`)
		c.await("a create", c.of("parents", id))
		if d.Live() || !d.Ready() {
			t.Errorf("live %t, ready %t", d.Live(), d.Ready())
		}
	}
}

// The canary is one record that stays, and changes nobody else's.
func TestTheCanary(t *testing.T) {
	there, address := served(t, nil)
	app := there.backend.(*embedded).app
	root, err := app.FindAuthRecordByEmail(core.CollectionNameSuperusers, "root@example.com")
	if err != nil {
		t.Fatal(err)
	}
	c, _ := following(t, address, shortBound)
	if err := app.DeleteAllAuthOriginsByRecord(root); err != nil { // as PocketBase does when the password changes
		t.Fatal(err)
	}
	c.live(true)
	canary := func() *core.AuthOrigin {
		found, err := app.FindAllAuthOriginsByRecord(root)
		if err != nil {
			t.Fatal(err)
		}
		for _, origin := range found {
			if origin.Fingerprint() == fingerprint {
				return origin
			}
		}
		return nil
	}
	c.until("made anew", func() bool { return canary() != nil })
	first := canary()
	c.until("written again", func() bool { return canary().Updated() != first.Updated() })
	if again := canary(); again.Id != root.Id || again.Created() != first.Created() {
		t.Errorf("it is another one: %v", again)
	}
	after, err := app.FindRecordById(core.CollectionNameSuperusers, root.Id)
	if err != nil || after.GetDateTime("updated") != root.GetDateTime("updated") || after.TokenKey() != root.TokenKey() {
		t.Errorf("the superuser was written over: %v", err)
	}
}

// topics are what the feed subscribes to, as PocketBase reads them.
func TestTopics(t *testing.T) {
	there, _ := served(t, nil)
	founded(t, there)
	done(t, asSuperuser(t, there, "POST", "/api/collections", `{"name":"seen","type":"view","viewQuery":"select id from parents"}`))
	client := subscriptions.NewDefaultClient()
	client.Subscribe(topicsOf(there.Schema())...)
	if n, all := len(client.Subscriptions()), len(there.Schema().All()); n != all-1 {
		t.Errorf("%d of %d collections, and one is a view", n, all)
	}
	for name, options := range client.Subscriptions("pbc_parents/*?") {
		if options.Query["fields"] != "id,collectionId" || len(name) > 2500 {
			t.Errorf("%s asks for %v", name, options)
		}
	}
}
