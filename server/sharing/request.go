package sharing

import (
	"github.com/pocketbase/pocketbase/tools/search"

	"github.com/hapta/hapta/server/pocketbase"
)

// Request is what decides, beside the rules, what a list or a view reads.
type Request struct {
	Collection *pocketbase.Collection
	View       bool // one record by its id, else a list
	// AsSuperuser says that Hapta asks for itself, as where a policy alone
	// decides: no rule takes part.
	AsSuperuser bool
	// The parameters of that name, as PocketBase gets them. A view has no filter
	// and no sort. One that is given more than once is the asker's to refuse.
	Filter, Sort, Expand string
}

// Of is the sharing of the answer to a request.
func (r *Rules) Of(q Request) Sharing {
	at := r.read[q.Collection.Id]
	if at == nil { // not of this schema
		return r.nobody
	}
	out, crossed, expanded := at.answered(q), (*reading).crossedInto, (*reading).expandedInto
	if q.AsSuperuser {
		crossed, expanded = (*reading).stored, (*reading).stored
	}
	if !q.View {
		name := r.ofClient(crossed)
		if q.Filter != "" {
			out = out.With(r.filter(q.Collection, q.Filter, name))
		}
		if q.Sort != "" {
			out = out.With(r.sort(q.Collection, q.Sort, name))
		}
	}
	return out.With(r.expand(q.Collection, q.Expand, expanded))
}

// answered is the sharing of what is asked for, without its parameters.
func (at *reading) answered(q Request) Sharing {
	switch {
	case q.AsSuperuser && q.View:
		return at.row
	case q.AsSuperuser:
		return at.rows
	case q.View:
		return at.viewed
	}
	return at.listed
}

func (at *reading) stored() Sharing       { return at.rows }
func (at *reading) crossedInto() Sharing  { return at.crossed }
func (at *reading) expandedInto() Sharing { return at.expanded }

// sort reads a sort parameter as PocketBase does. The order of rows is the
// collection's own; another one for each request is nobody's.
func (r *Rules) sort(c *pocketbase.Collection, param string, name naming) Sharing {
	out := everyone
	for _, field := range search.ParseSortFromString(param) {
		if field.Name != "@rowid" {
			out = out.With(name(c, field.Name))
		}
	}
	return out
}
