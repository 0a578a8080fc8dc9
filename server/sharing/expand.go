package sharing

import (
	"strings"

	"github.com/hapta/hapta/server/pocketbase"
)

// expand reads an expand parameter as PocketBase does: it follows so many
// relations of each path, and asks the view rule wherever one leads
// (core/record_query_expand.go, and expandFetch in apis/record_helpers.go).
func (r *Rules) expand(c *pocketbase.Collection, param string, shown func(*reading) Sharing) Sharing {
	out := everyone
	for path := range strings.SplitSeq(param, ",") {
		path = strings.Trim(strings.ReplaceAll(path, " ", ""), ".")
		if path == "" {
			continue
		}
		names := strings.Split(path, ".")
		into, all := r.follow(c, names[:min(len(names), pocketbase.MaxDepth)], shown)
		if !all {
			return r.nobody
		}
		out = out.With(into)
	}
	return out
}

// follow is the sharing of all that a path of relations crosses into, and tells
// whether all of its names are relations: behind a field of JSON they are keys.
func (r *Rules) follow(c *pocketbase.Collection, names []string, crossed func(*reading) Sharing) (out Sharing, all bool) {
	out = everyone
	for _, name := range names {
		relation, err := c.Relation(r.schema, name)
		if err != nil {
			return out, false
		}
		c = relation.Target
		out = out.With(crossed(r.read[c.Id]))
	}
	return out, true
}
