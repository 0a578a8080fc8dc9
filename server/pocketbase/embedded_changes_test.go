package pocketbase

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// family is a parent, children who go with it, and friends who do without.
const family = `{"deleteMissing":false,"collections":[
	{"id":"pbc_parents","name":"parents","type":"base","fields":[{"name":"name","type":"text"}]},
	{"id":"pbc_children","name":"children","type":"base","fields":[{"name":"of","type":"relation","collectionId":"pbc_parents","cascadeDelete":true}]},
	{"id":"pbc_friends","name":"friends","type":"base","fields":[{"name":"of","type":"relation","collectionId":"pbc_parents"}]}
]}`

// founded makes the family's collections.
func founded(t *testing.T, d *Database) {
	t.Helper()
	done(t, asSuperuser(t, d, "PUT", "/api/collections/import", family))
}

// batching has a PocketBase take batches.
func batching(cfg *EmbeddedConfig) {
	cfg.Seed = func(app core.App) error {
		settings := app.Settings()
		settings.Batch.Enabled = true
		return app.Save(settings)
	}
}

func done(t *testing.T, r *Response) *Response {
	t.Helper()
	if r.Status >= 300 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	return r
}

// made creates a record and returns its id.
func made(t *testing.T, d *Database, collection, body string) string {
	t.Helper()
	var record struct{ ID string }
	if err := json.Unmarshal(done(t, asSuperuser(t, d, "POST", "/api/collections/"+collection+"/records", body)).Body, &record); err != nil {
		t.Fatal(err)
	}
	return record.ID
}

// Whoever changes a record has been told of by the time that they are answered.
func TestEmbeddedTellsOfChanges(t *testing.T) {
	d := openEmbedded(t, batching)
	app := d.backend.(*embedded).app
	founded(t, d)
	c := watched(t, d)
	const records = "/api/collections/parents/records/"

	id := made(t, d, "parents", `{"name":"a"}`)
	c.are("a create", c.of("parents", id))
	done(t, asSuperuser(t, d, "PATCH", records+id, `{"name":"b"}`))
	c.are("an update", c.of("parents", id))
	if r := asSuperuser(t, d, "PATCH", records+id, `{"id":"another"}`); r.Status != 400 {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	c.are("a refused update")
	done(t, asSuperuser(t, d, "POST", "/api/batch", `{"requests":[
		{"method":"PUT","url":"/api/collections/parents/records","body":{"id":"aaaaaaaaaaaaaaa","name":"x"}},
		{"method":"PATCH","url":"`+records+id+`","body":{"name":"y"}}]}`))
	c.are("a batch", c.of("parents", "aaaaaaaaaaaaaaa"), c.of("parents", id))
	if r := asSuperuser(t, d, "POST", "/api/batch", `{"requests":[
		{"method":"PATCH","url":"`+records+id+`","body":{"name":"z"}}, {"method":"DELETE","url":"`+records+`none"}]}`); r.Status != 400 {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	c.are("a batch that is rolled back")

	child, friend := made(t, d, "children", `{"of":"`+id+`"}`), made(t, d, "friends", `{"of":"`+id+`"}`)
	c.take()
	done(t, asSuperuser(t, d, "DELETE", records+id, ""))
	c.are("a delete that cascades and nulls", c.of("parents", id), c.of("children", child), c.of("friends", friend))

	id, another := made(t, d, "parents", `{}`), made(t, d, "parents", `{}`)
	child = made(t, d, "children", `{"of":"`+another+`"}`)
	c.take()
	done(t, asSuperuser(t, d, "DELETE", "/api/collections/parents/truncate", ""))
	c.are("a truncation", c.of("parents", "aaaaaaaaaaaaaaa"), c.of("parents", id), c.of("parents", another), c.of("children", child))

	root, err := d.backend.(*embedded).admin.find()
	if err != nil {
		t.Fatal(err)
	}
	origin := core.NewAuthOrigin(app)
	origin.SetCollectionRef(root.Collection().Id)
	origin.SetRecordRef(root.Id)
	origin.SetFingerprint("of a test")
	if err := app.Save(origin); err != nil {
		t.Fatal(err)
	}
	c.are("a proxy of a system collection", c.of(core.CollectionNameAuthOrigins, origin.Id))
	root.SetPassword("another horse")
	if err := app.Save(root); err != nil {
		t.Fatal(err)
	}
	c.are("a superuser, whose origins go with the password", c.of(core.CollectionNameSuperusers, root.Id), c.of(core.CollectionNameAuthOrigins, origin.Id))
	if !d.Live() {
		t.Error("it is not live")
	}
}

// What is stored is told, though a hook around it fails behind that, or takes its time;
// what a transaction takes back is not.
func TestEmbeddedTellsOfWhatFailsBehind(t *testing.T) {
	d := openEmbedded(t, batching)
	app := d.backend.(*embedded).app
	founded(t, d)
	id := made(t, d, "parents", `{"name":"a"}`)
	c := watched(t, d)
	var seen []Change // when the hook is behind
	fail := func(e *core.RecordEvent) error {
		err := e.Next()
		if seen = c.take(); err == nil {
			err = errors.New("told to fail")
		}
		return err
	}
	app.OnRecordCreate("parents").BindFunc(fail)
	app.OnRecordUpdate("parents").BindFunc(fail)
	app.OnRecordDelete("parents").BindFunc(fail)
	f := func(what, method, path, body string, want ...Change) {
		t.Helper()
		seen = nil
		if r := asSuperuser(t, d, method, path, body); r.Status != 400 {
			t.Fatalf("%s: %d %s", what, r.Status, r.Body)
		}
		if !slices.Equal(slices.Compact(seen), want) {
			t.Errorf("%s: %v is told; want %v", what, seen, want)
		}
		c.are(what + ", behind")
	}
	const records = "/api/collections/parents/records"
	f("a create", "POST", records, `{"id":"bbbbbbbbbbbbbbb"}`, c.of("parents", "bbbbbbbbbbbbbbb"))
	f("an update", "PATCH", records+"/"+id, `{"name":"b"}`, c.of("parents", id))
	f("a batch", "POST", "/api/batch", `{"requests":[{"method":"PATCH","url":"`+records+"/"+id+`","body":{"name":"c"}}]}`)
	f("a delete", "DELETE", records+"/"+id, "", c.of("parents", id))
	if r := asSuperuser(t, d, "GET", records+"/"+id, ""); r.Status != 404 {
		t.Errorf("the deleted one is still there: %d %s", r.Status, r.Body)
	}
}

// What is done at PocketBase's own listener is told as well.
func TestEmbeddedTellsOfTheDashboard(t *testing.T) {
	address := freeAddress(t)
	d := openEmbedded(t, func(cfg *EmbeddedConfig) { cfg.Dashboard = address })
	founded(t, d)
	c := watched(t, d)
	token, err := d.Superuser()
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	post := func(path, body string) {
		t.Helper()
		request, _ := http.NewRequest("POST", "http://"+address+path, strings.NewReader(body))
		request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {token}}
		response, err := http.DefaultClient.Do(request)
		if err != nil || response.StatusCode != 200 || response.Body.Close() != nil {
			t.Fatalf("%v, %v", response, err)
		}
	}
	post("/api/collections/parents/records", `{"id":"aaaaaaaaaaaaaaa"}`)
	c.are("a create", c.of("parents", "aaaaaaaaaaaaaaa"))
	post("/api/sql", `{"query":"UPDATE parents SET name = 'sql'"}`)
	c.are("SQL", Change{Gap: true})
}

// A collection that changes may take records along; the schema is the new one by then.
func TestEmbeddedTellsOfCollections(t *testing.T) {
	d := openEmbedded(t, nil)
	var known []bool
	d.OnChange(func(c Change) {
		if c.Gap {
			known = append(known, d.Schema().Find("friends") != nil)
		}
	})
	founded(t, d)
	if n := len(known); n < 3 || !known[n-1] {
		t.Errorf("an import of three collections is told as %v", known)
	}
	known = nil
	done(t, asSuperuser(t, d, "PATCH", "/api/collections/friends", `{"fields":[]}`))
	done(t, asSuperuser(t, d, "DELETE", "/api/collections/friends", ""))
	if n := len(known); n != 2 || !known[0] || known[1] {
		t.Errorf("a change and a deletion are told as %v", known)
	}
}

// The app's hooks and PocketBase's realtime API come later, and cannot keep a change
// back; what a hook writes by SQL is not seen.
func TestEmbeddedTellsFirst(t *testing.T) {
	d := openEmbedded(t, nil)
	founded(t, d)
	c, app := watched(t, d), d.backend.(*embedded).app
	early := 0
	app.OnModelAfterUpdateSuccess("parents").Bind(&hook.Handler[*core.ModelEvent]{
		Priority: -100, // just before PocketBase's realtime API
		Func: func(e *core.ModelEvent) error {
			c.are("before realtime", c.of("parents", e.Model.PK().(string)))
			early++
			return e.Next()
		},
	})
	app.OnRecordAfterUpdateSuccess("parents").BindFunc(func(*core.RecordEvent) error {
		_, err := app.DB().NewQuery("UPDATE parents SET name = 'sql'").Execute()
		return errors.Join(err, errors.New("this hook ends the chain"))
	})
	id := made(t, d, "parents", `{}`)
	c.take()
	asSuperuser(t, d, "PATCH", "/api/collections/parents/records/"+id, `{}`)
	if early != 1 {
		t.Errorf("the hook ran %d times", early)
	}
	c.are("the SQL of a hook")
}
