package coherence

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/pocketbase/pocketbase/core"
)

// each collection has so many records at most, whose ids are known.
const each = 4

func idOf(collection string, i int) string {
	return fmt.Sprintf("%s%0*d", collection, 15-len(collection), i)
}

// written lists the collections that have records of their own. What others relate to
// comes first.
var written = []string{"users", "teams", "members", "posts", "drafts", "staff", "crossed", "asked", "letters", "replies", "boxes"}

// fill has all records there.
func (w *world) fill() {
	w.Helper()
	ledger.records = map[string]*entry{}
	d := dice{rand.New(rand.NewPCG(1, 0))}
	for _, name := range written {
		for i := range each {
			ledger.records[placeOf(name, idOf(name, i))] = &entry{}
			err := errors.New("never tried")
			for tries := 0; err != nil && tries < 100; tries++ { // posts may lead to later ones
				fields := values(d, name, true)
				if db.Schema().Find(name).IsAuth() {
					fields["password"] = password // which may be another one
				}
				err = store(name, idOf(name, i), fields)
			}
			if err != nil {
				w.Fatal(err)
			}
		}
	}
	w.viewers = w.everyone()
}

// values are by chance, some of them or all.
func values(d dice, collection string, all bool) map[string]any {
	out := map[string]any{"n": ledger.last.Add(1)}
	for _, field := range db.Schema().Find(collection).Fields {
		name := field.GetName()
		if name == "n" || !all && d.oneIn(2) {
			continue
		}
		switch f := field.(type) {
		case *core.TextField:
			switch {
			case name == "role":
				out[name] = pick(d, "moderator", "")
			case collection == "boxes" && name == "title":
				out[name] = pick(d, "a", "b", "hidden")
			case !f.System:
				out[name] = pick(d, "a", "b", "")
			}
		case *core.BoolField:
			if name != "verified" {
				out[name] = d.oneIn(2)
			}
		case *core.RelationField:
			out[name] = some(d, f)
		}
	}
	return out
}

// some are ids of what may be there; if not, PocketBase refuses them.
func some(d dice, f *core.RelationField) (ids []string) {
	target := db.Schema().Find(f.CollectionId).Name
	for _, i := range d.Perm(each)[:d.IntN(min(f.MaxSelect, each)+1)] {
		ids = append(ids, idOf(target, i))
	}
	return ids
}

// store writes a record behind the gateway's back.
func store(collection, id string, values map[string]any) error {
	r, err := app.FindRecordById(collection, id)
	if err != nil {
		c, err := app.FindCollectionByNameOrId(collection)
		if err != nil {
			return err
		}
		r = core.NewRecord(c)
		values["id"] = id
		if c.IsAuth() {
			r.SetEmail(address(id))
			r.SetPassword(password)
		}
	}
	r.Load(values)
	return app.Save(r)
}

func exists(collection, id string) bool {
	_, err := app.FindRecordById(collection, id)
	return err == nil
}

func erase(collection, id string) error {
	r, err := app.FindRecordById(collection, id)
	if err != nil {
		return errors.New("it is not there")
	}
	return app.Delete(r)
}
