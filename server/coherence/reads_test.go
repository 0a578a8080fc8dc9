package coherence

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// reading is what somebody asks for.
type reading struct {
	request
	by *viewer
}

// readings are so many by chance, each by two viewers at least, so that they share or
// must not.
func (w *world) readings(d dice, n int) (all []reading) {
	for len(all) < n {
		r := w.anyRead(d)
		for range 2 + d.IntN(2) {
			all = append(all, reading{r, pick(d, w.viewers...)})
		}
		r.key = pick(d, r.key, "no") // and in another way
		all = append(all, reading{r, all[len(all)-1].by})
	}
	return all
}

func (w *world) anyRead(d dice) request {
	r := request{op: pick(d, list, list, view), collection: d.name(rules)}
	if r.op == view {
		of := r.collection
		if of == "titles" {
			of = "posts"
		}
		r.id = idOf(of, d.IntN(each))
	}
	query := url.Values{}
	if d.oneIn(2) {
		query.Set("expand", w.anyExpand(d, r.collection))
	}
	if d.oneIn(6) {
		query.Set("fields", pick(d, "id,n,collectionName", "*,expand.*.n", "*"))
	}
	if d.oneIn(4) {
		r.key = "no"
	}
	if r.op == list {
		w.choose(d, r.collection, query)
	}
	r.query = query.Encode()
	return r
}

// choose adds what only lists have.
func (w *world) choose(d dice, collection string, query url.Values) {
	if d.oneIn(3) {
		query.Set("filter", w.anyFilter(d, collection))
	}
	if d.oneIn(3) {
		query.Set("sort", pick(d, "-n", "id", "-id", "@rowid", "n,id"))
	}
	if d.oneIn(3) {
		query.Set("perPage", pick(d, "1", "2", "30"))
		query.Set("page", pick(d, "1", "2"))
	}
	if d.oneIn(4) {
		query.Set("skipTotal", pick(d, "1", "0", "true"))
	}
}

func (w *world) anyFilter(d dice, collection string) string {
	path, c := "", collection
	for range d.IntN(3) {
		if name, target := w.anyRelation(d, c); name != "" {
			path, c = path+name+".", target
		}
	}
	return pick(d,
		path+"n > 1", path+"id != ''", `id != "none"`, "n >= 0",
		fmt.Sprintf("%sid ?= '%s'", path, idOf(c, d.IntN(each))),
	)
}

func (w *world) anyExpand(d dice, collection string) string {
	var paths []string
	for range 1 + d.IntN(2) {
		var names []string
		c := collection
		for range 1 + d.IntN(3) {
			if name, target := w.anyRelation(d, c); name != "" {
				names, c = append(names, name), target
			}
		}
		paths = append(paths, strings.Join(names, "."))
	}
	return strings.Join(paths, ",")
}

// anyRelation is one that leads away from a collection, forth or back, or nothing.
func (w *world) anyRelation(d dice, collection string) (name, target string) {
	c := db.Schema().Find(collection)
	var names, targets []string
	for _, other := range db.Schema().All() {
		for _, field := range other.Fields {
			relation, ok := field.(*core.RelationField)
			if ok && other.Id == c.Id {
				names, targets = append(names, field.GetName()), append(targets, db.Schema().Find(relation.CollectionId).Name)
			}
			if ok && relation.CollectionId == c.Id && !other.System {
				names, targets = append(names, other.Name+"_via_"+field.GetName()), append(targets, other.Name)
			}
		}
	}
	if len(names) == 0 {
		return "", ""
	}
	i := d.IntN(len(names))
	return names[i], targets[i]
}
