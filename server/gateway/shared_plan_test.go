package gateway

import (
	"net/url"
	"testing"
	"time"

	"github.com/hapta/hapta/server/pocketbase"
)

// Nobody tells of a view's changes, so its rows are kept no longer than what is not
// told, wherever they take part.
func TestViewsAreKeptNoLongerThanWhatIsNotTold(t *testing.T) {
	w := newWorld(t)
	f := func(collection string, want time.Duration) {
		t.Helper()
		q := w.share(w.snapshot.Load(), nil, &reading{collection: db.Schema().Find(collection).Id, query: url.Values{}, asSuperuser: true})
		if q == nil || q.TTL != want {
			t.Errorf("lists of %s are kept by %+v; want %s", collection, q, want)
		}
	}
	f("notes", time.Hour)
	f("titles", pocketbase.UnseenBound)
}
