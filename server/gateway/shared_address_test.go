package gateway

import "testing"

// PocketBase counts by addresses, so that what is kept for all is asked for from where
// the first of them is: from one address for all, one who finds nothing too often would
// hold up everybody.
func TestSharedReadsComeFromWhoAsksFirst(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	seen := seenByDatabase(func() {
		for range 2 {
			w.ask(ask{op: list, collection: "replies", query: query("filter", "text = 'none'")}).is(200, "")
		}
	})
	if len(seen) != 1 || seen[0].Address != "192.0.2.7" {
		t.Errorf("it is asked %+v", seen)
	}
}
