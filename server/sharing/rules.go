package sharing

import "github.com/hapta/hapta/server/pocketbase"

// Rules are those of one schema, read once. They are immutable.
type Rules struct {
	schema *pocketbase.Schema
	read   map[string]*reading // by collection id
	// nobody is the answer to what is not understood: nobody's to share, and
	// dependent on everything.
	nobody    Sharing
	hasOpaque bool // some collection is not understood
}

// reading is what is known of a collection before anyone asks.
type reading struct {
	rows     Sharing // its rows, as they are stored
	row      Sharing // one of them by its id, in all but itself
	listed   Sharing // its records as a list shows them
	viewed   Sharing // one of them by its id as a view shows it, in all but itself
	expanded Sharing // its records as an expansion shows them
	crossed  Sharing // its rows, where a client's filter or sort crosses into them
}

// everyone is the sharing of what depends on nothing.
var everyone = Sharing{Reach: Everyone}

// New reads the rules of a schema.
func New(schema *pocketbase.Schema) *Rules {
	r := &Rules{schema: schema, read: map[string]*reading{}}
	for _, c := range schema.All() {
		r.nobody = r.nobody.With(Sharing{Collections: []string{c.Id}, Views: c.IsView()})
		r.hasOpaque = r.hasOpaque || c.Opaque != nil
	}
	for _, c := range schema.All() {
		r.read[c.Id] = &reading{rows: r.rows(c, 0), row: r.row(c, 0)}
	}
	for _, c := range schema.All() {
		at, view := r.read[c.Id], r.shown(c, c.ViewRule)
		at.listed, at.crossed = at.rows.With(r.shown(c, c.ListRule)), at.rows.With(r.crossed(c))
		at.viewed, at.expanded = at.row.With(view), at.rows.With(view)
	}
	return r
}

// rule is the sharing of whom or what a rule lets through, in all but the rows that it
// is asked about.
func (r *Rules) rule(c *pocketbase.Collection, rule *string) Sharing {
	switch {
	case rule == nil: // superusers alone
		return r.nobody
	case *rule == "":
		return everyone
	}
	return r.filter(c, *rule, r.ofRule)
}

// crossed is the list rule, which PocketBase asks about every collection that a
// client's filter or sort crosses into, written as it does that: behind one more
// parenthesis a comment in the rule can mean something else
// (core/record_field_resolver.go, updateQueryWithCollectionListRule).
func (r *Rules) crossed(c *pocketbase.Collection) Sharing {
	if c.ListRule == nil || *c.ListRule == "" {
		return r.rule(c, c.ListRule)
	}
	joined := "id='' || (\n" + *c.ListRule + "\n)"
	return r.rule(c, &joined)
}
