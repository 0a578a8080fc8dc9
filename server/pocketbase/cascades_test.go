package pocketbase

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// kin makes collections that relate to each other in all ways there are.
func kin(app core.App) error {
	for _, relation := range []struct {
		from, to string
		core.RelationField
	}{
		{"plain", "roots", core.RelationField{}},
		{"owned", "roots", core.RelationField{CascadeDelete: true}},
		{"shared", "roots", core.RelationField{CascadeDelete: true, Required: true, MaxSelect: 9}},
		{"several", "roots", core.RelationField{Required: true, MaxSelect: 9}},
		{"firm", "roots", core.RelationField{Required: true}},
		{"beside", "plain", core.RelationField{CascadeDelete: true}},
		{"below", "owned", core.RelationField{}},
		{"users", "shared", core.RelationField{CascadeDelete: true}},
		{"hens", "eggs", core.RelationField{CascadeDelete: true}},
		{"eggs", "hens", core.RelationField{}},
		{"nodes", "nodes", core.RelationField{}},
	} {
		to, err := found(app, relation.to)
		if err != nil {
			return err
		}
		from, err := found(app, relation.from)
		if err != nil {
			return err
		}
		relation.Name, relation.CollectionId = "to", to.Id
		from.Fields.Add(&relation.RelationField)
		if err := app.Save(from); err != nil {
			return err
		}
	}
	view := core.NewViewCollection("shown")
	view.ViewQuery = `SELECT id, "to" FROM plain`
	return app.Save(view)
}

// found is the collection of that name, which is made if there is none.
func found(app core.App, name string) (*core.Collection, error) {
	if c, err := app.FindCollectionByNameOrId(name); err == nil {
		return c, nil
	}
	c := core.NewBaseCollection(name)
	return c, app.Save(c)
}

// relatives are two new records in each of these collections, by its name. What relates
// to one relates to the first, but firm, which would refuse that it is deleted.
func relatives(t *testing.T, d *Database) map[string][]*core.Record {
	t.Helper()
	app, made := d.backend.(*embedded).app, map[string][]*core.Record{}
	save := func(r *core.Record) {
		t.Helper()
		if err := app.SaveNoValidate(r); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range d.Schema().All() {
		if c.System || c.IsView() {
			continue
		}
		for range 2 {
			r := core.NewRecord(c.Collection)
			if c.IsAuth() {
				r.SetEmail(core.GenerateDefaultRandomId() + "@example.com")
			}
			save(r)
			made[c.Name] = append(made[c.Name], r)
		}
	}
	for name, records := range made {
		for _, r := range records {
			if field, ok := r.Collection().Fields.GetByName("to").(*core.RelationField); ok {
				of := made[d.Schema().Find(field.CollectionId).Name]
				switch {
				case name == "firm":
					r.Set("to", of[1].Id)
				case name == "several":
					r.Set("to", []string{of[0].Id, of[1].Id})
				case of[0] != r:
					r.Set("to", of[0].Id)
				}
				save(r)
			}
		}
	}
	for _, name := range ofAccounts {
		r, user := core.NewRecord(d.Schema().Find(name).Collection), made["users"][0]
		r.Set("collectionRef", user.Collection().Id)
		r.Set("recordRef", user.Id)
		r.Set("providerId", user.Id) // of an external one, which is unique
		save(r)
	}
	return made
}

// What PocketBase changes beside a record that it deletes is what is said.
func TestCascades(t *testing.T) {
	d := openEmbedded(t, func(cfg *EmbeddedConfig) { cfg.Seed = kin })
	names := func(ids []string) string {
		var all []string
		for _, id := range ids {
			all = append(all, d.Schema().Find(id).Name)
		}
		slices.Sort(all)
		return strings.Join(slices.Compact(all), " ")
	}
	f := func(collection, want string) {
		t.Helper()
		made := relatives(t, d)
		c, gone := watched(t, d), made[collection][0]
		done(t, asSuperuser(t, d, "DELETE", "/api/collections/"+collection+"/records/"+gone.Id, ""))
		var changed []string
		for _, told := range c.take() {
			if told != c.of(collection, gone.Id) {
				changed = append(changed, told.CollectionID)
			}
		}
		if got := names(changed); got != want {
			t.Errorf("a delete in %s changes %q; want %q", collection, got, want)
		}
		if got := names(d.Schema().Find(collection).Cascades(d.Schema())); got != want {
			t.Errorf("a delete in %s is said to change %q; want %q", collection, got, want)
		}
	}
	const accounts = "_authOrigins _externalAuths _mfas _otps"
	f("roots", accounts+" below owned plain several shared users")
	f("plain", "beside")
	f("owned", "below")
	f("shared", accounts+" users")
	f("users", accounts)
	f("firm", "")
	f("below", "")
	f("eggs", "eggs hens")
	f("hens", "eggs")
	f("nodes", "nodes")
}

func TestARequiredRelationRefusesADelete(t *testing.T) {
	d := openEmbedded(t, func(cfg *EmbeddedConfig) { cfg.Seed = kin })
	root := relatives(t, d)["roots"][1]
	c := watched(t, d)
	r := asSuperuser(t, d, "DELETE", "/api/collections/roots/records/"+root.Id, "")
	if r.Status != 400 || !strings.Contains(string(r.Body), "required relation reference") {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	c.are("a refused delete")
}

// A collection that is not understood may relate to anything.
func TestCascadesIntoTheUnknown(t *testing.T) {
	var all []*Collection
	for _, raw := range []string{
		`{"id":"a","name":"a","type":"base","fields":[]}`,
		`{"id":"b","name":"b","type":"base","fields":[{"name":"to","type":"unheard of"}]}`,
		`{"id":"c","name":"c","type":"base","fields":[{"name":"to","type":"relation","collectionId":"b"}]}`,
	} {
		c, err := parseCollection([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if got := all[0].Cascades(newSchema(all)); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("got %v", got)
	}
}
