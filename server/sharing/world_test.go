package sharing

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// writable are the collections whose records the tests change.
var writable = []string{"teams", "people", "members", "posts", "comments"}

// world is a small database of values by chance, and its callers.
type world struct {
	*testing.T
	generator
	records map[string][]*core.Record // by collection
	callers []caller
}

type caller struct {
	record *core.Record // nil for a guest and the superuser
	token  string
}

func (c caller) is(r *core.Record) bool { return c.record != nil && c.record.Id == r.Id }

func newWorld(t *testing.T, g generator) *world {
	t.Helper()
	t.Cleanup(func() { unruled(t) })
	w := &world{T: t, generator: g, records: map[string][]*core.Record{}, callers: []caller{{}}}
	for _, name := range writable {
		for range 3 {
			r := w.record(name)
			w.records[name] = append(w.records[name], r)
			w.change(r)
		}
	}
	for _, r := range []*core.Record{w.records["people"][0], w.records["members"][0]} {
		token, err := r.NewAuthToken()
		if err != nil {
			t.Fatal(err)
		}
		w.callers = append(w.callers, caller{r, token})
	}
	return w
}

// record is a new one, not stored yet.
func (w *world) record(collection string) *core.Record {
	w.Helper()
	c, err := app.FindCollectionByNameOrId(collection)
	if err != nil {
		w.Fatal(err)
	}
	r := core.NewRecord(c)
	if c.IsAuth() {
		r.SetEmail(core.GenerateDefaultRandomId() + "@example.com")
		r.SetPassword("password")
	}
	return r
}

// other is one of the records but for that of an id, every other time a caller's own
// if there are callers among them.
func (w *world) other(collection, id string) *core.Record {
	r := pick(w.generator, w.records[collection][:2]...)
	if r.Id == id {
		return w.records[collection][2]
	}
	return r
}

// change gives a record other values and stores it.
func (w *world) change(r *core.Record) {
	w.Helper()
	for _, field := range r.Collection().Fields {
		switch f := field.(type) {
		case *core.TextField:
			if !f.System {
				r.Set(f.Name, pick(w.generator, "a", "b", ""))
			}
		case *core.NumberField:
			r.Set(f.Name, w.IntN(3))
		case *core.BoolField:
			r.Set(f.Name, w.IntN(2) == 0)
		case *core.DateField:
			r.Set(f.Name, pick(w.generator, "", "2019-01-01", "2020-01-01"))
		case *core.JSONField:
			r.Set(f.Name, pick(w.generator, `{"a":"a","b":[1]}`, `{"a":1}`, "1", "null"))
		case *core.GeoPointField:
			r.Set(f.Name, types.GeoPoint{Lon: float64(w.IntN(2)), Lat: float64(w.IntN(2))})
		case *core.SelectField:
			r.Set(f.Name, pick(w.generator, []string{"a"}, []string{"a", "b"}, nil))
		case *core.RelationField:
			r.Set(f.Name, w.some(f))
		}
	}
	if err := app.Save(r); err != nil {
		w.Fatal(err)
	}
}

// some is the ids of records that a relation can hold.
func (w *world) some(f *core.RelationField) (ids []string) {
	for _, name := range writable {
		for _, r := range w.records[name] {
			if r.Collection().Id == f.CollectionId && !r.IsNew() {
				ids = append(ids, r.Id)
			}
		}
	}
	w.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids[:min(len(ids), w.IntN(f.MaxSelect+1))]
}

// rule gives every collection other rules.
func (w *world) rule() *Rules {
	w.Helper()
	for _, name := range append(writable, "titles", "words") {
		for {
			c, err := app.FindCollectionByNameOrId(name)
			if err != nil {
				w.Fatal(err)
			}
			c.ListRule, c.ViewRule = w.anyRule(c), w.anyRule(c)
			if c.IsAuth() {
				c.ManageRule = w.anyRule(c)
			}
			if err := app.Save(c); err == nil {
				break
			} else if !strings.Contains(err.Error(), "ule") { // a rule may name what cannot be compared
				w.Fatal(err)
			}
		}
	}
	return New(db.Schema())
}

func (w *world) anyRule(c *core.Collection) *string {
	switch n := w.IntN(12); n {
	case 0:
		return nil
	case 1, 2, 3, 4:
		return types.Pointer("")
	}
	return types.Pointer(w.filter(db.Schema().Find(c.Id), false))
}
