package gateway

import (
	"testing"

	"github.com/hapta/hapta/server/pocketbase"
)

// What changes has those sessions proved again whom it may concern.
func TestChangesDoubtSessions(t *testing.T) {
	w := newWorld(t)
	w.use(nil, byRules())
	ann, first := w.user("a@example.com", nil)
	_, second := w.user("b@example.com", nil)
	f := func(c pocketbase.Change, annIs, bobIs bool) {
		t.Helper()
		w.Gateway.changed(c)
		for token, want := range map[string]bool{first: annIs, second: bobIs} {
			if s, live := w.session(token); !live || s.Proved.IsZero() == want {
				t.Errorf("%+v: proved at %v; want that it is still: %t", c, s.Proved, want)
			}
		}
	}
	f(pocketbase.Change{CollectionID: db.Schema().Find("plain").Id, RecordID: ann.Id}, true, true)
	f(pocketbase.Change{CollectionID: "none", RecordID: ann.Id}, true, true)
	f(pocketbase.Change{CollectionID: ann.Collection().Id, RecordID: ann.Id}, false, true)
	f(pocketbase.Change{Gap: true}, false, false)
}
