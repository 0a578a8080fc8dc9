package sharing

import (
	"strings"

	"github.com/hapta/hapta/server/pocketbase"
)

// maxViews bounds how many views are built upon each other.
const maxViews = 10

// rows is the sharing of a collection's rows as they are stored.
func (r *Rules) rows(c *pocketbase.Collection, below int) Sharing {
	return Sharing{Reach: Everyone, Collections: []string{c.Id}}.With(r.row(c, below))
}

// row is the sharing of one of them, by its id, in all but that row itself: a view's is
// made of any rows of the tables in its query, below as many further views.
func (r *Rules) row(c *pocketbase.Collection, below int) Sharing {
	if c.Opaque != nil {
		return r.nobody
	}
	if !c.IsView() {
		return everyone
	}
	tables, ok := tablesOf(c.ViewQuery)
	if !ok || below == maxViews {
		return r.nobody
	}
	out := Sharing{Reach: Everyone, Views: true}
	for _, table := range tables {
		from := r.schema.Find(table)
		if from == nil || !strings.EqualFold(from.Name, table) {
			return r.nobody // a table of no collection changes unseen
		}
		out = out.With(r.rows(from, below+1))
	}
	return out
}
