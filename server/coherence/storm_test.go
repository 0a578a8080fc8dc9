package coherence

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/hapta/hapta/server/cache"
)

// While many read and write at once, a read shows nothing from before a write that was
// answered when it began; and when all are done, nothing old has stayed behind.
func TestNothingOldIsShownInAStorm(t *testing.T) {
	w, d := newWorld(t, db), newDice(t, 11)
	w.holdUp()
	var seen outcomes
	for range rounds(25, 3) {
		all := w.readings(d, 40)
		w.storm(d, all, 0)
		for _, v := range w.viewers {
			w.signIn(v) // who was gone in between
		}
		for _, r := range all {
			w.compare(d, r, &seen)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d hits, %d misses, %d bypasses", seen[cache.Hit], seen[cache.Miss], seen[cache.Bypass])
	if seen[cache.Hit] == 0 {
		t.Error("nothing has stayed")
	}
}

// storm has some read and others write, all at once.
func (w *world) storm(d dice, all []reading, lag time.Duration) {
	var everybody sync.WaitGroup
	for i := range 7 {
		own := dice{rand.New(rand.NewPCG(d.Uint64(), uint64(i)))}
		everybody.Go(func() {
			for range 10 {
				if i < 2 {
					w.write(own)
					continue
				}
				w.look(pick(own, all...), lag)
			}
		})
	}
	everybody.Wait()
}

// holdUp has some reads take their time once PocketBase has read, so that writes come
// between that and their end.
func (w *world) holdUp() {
	w.uponRead(func() {
		if rand.IntN(2) == 0 {
			time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
		}
	})
}

// look reads, and checks the versions of all records that are shown.
func (w *world) look(r reading, lag time.Duration) answer {
	w.Helper()
	began := time.Now()
	a := w.ask(w.cached, r.by, r.request)
	if a.status != http.StatusOK {
		return a
	}
	var shown any
	if err := json.Unmarshal([]byte(a.body), &shown); err != nil {
		w.Error(err)
	}
	records(shown, func(record map[string]any) {
		w.checkVersion(r, a, record, began, lag)
		if w.isForbidden(r.by, record) {
			w.Errorf("%s by %s is a %s, and shows %v", r.request, r.by, a.outcome, record)
		}
	})
	return a
}

func (w *world) checkVersion(r reading, a answer, record map[string]any, began time.Time, lag time.Duration) {
	w.Helper()
	collection, _ := record["collectionName"].(string)
	id, _ := record["id"].(string)
	if collection == "titles" { // which shows posts
		collection = "posts"
	}
	e := ledger.records[placeOf(collection, id)]
	if n, ok := record["n"].(float64); ok && e != nil {
		if least := e.least(began, lag); int64(n) < least {
			w.Errorf("%s by %s is a %s, and shows version %v of %s: %d was there when it began", r.request, r.by, a.outcome, n, id, least)
		}
	}
}

// records calls f with all in an answer, expanded ones included.
func records(shown any, f func(map[string]any)) {
	switch value := shown.(type) {
	case map[string]any:
		if value["collectionName"] != nil {
			f(value)
		}
		for _, inner := range value {
			records(inner, f)
		}
	case []any:
		for _, inner := range value {
			records(inner, f)
		}
	}
}

// isForbidden tells of a record that what it says of itself keeps from a viewer.
func (w *world) isForbidden(v *viewer, record map[string]any) bool {
	has := func(key string) bool { _, ok := record[key]; return ok }
	others := func(key string) bool { return has(key) && record[key] != "" && record[key] != v.id } // nobody is what a guest is
	switch record["collectionName"] {
	case "drafts":
		return others("author")
	case "letters":
		return has("h_text") || others("owner") && (record["draft"] == true || has("m_text"))
	case "replies":
		return others("author") && has("about")
	case "boxes":
		return record["title"] == "hidden"
	case "users", "members":
		return has("role") || others("id") && has("email") && record["emailVisibility"] == false && v.collection != "users"
	case "posts":
		return has("secret")
	}
	return false
}
