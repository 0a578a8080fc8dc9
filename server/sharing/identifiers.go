package sharing

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/pocketbase"
)

// ofRule knows the identifiers of a rule (core/record_field_resolver_runner.go):
//
//	@request.auth.path              the same for one identity; read from what it crosses into
//	@collection.name:alias.path     read from that collection and what the path crosses into
//	path                            read from what it crosses into
//	@request.… other than auth      nobody's
//	@now and other times            nobody's
//
// Whatever else begins with an @ is not understood.
func (r *Rules) ofRule(c *pocketbase.Collection, identifier string) Sharing {
	if path, ok := strings.CutPrefix(identifier, "@request.auth."); ok {
		return r.ofCaller(path)
	}
	if path, ok := strings.CutPrefix(identifier, "@collection."); ok {
		return r.ofCollection(path)
	}
	return r.path(c, identifier, (*reading).stored)
}

// ofClient knows the identifiers of a client's filter or sort. PocketBase leaves
// those with an @ to superusers, but for times.
func (r *Rules) ofClient(crossed func(*reading) Sharing) naming {
	return func(c *pocketbase.Collection, identifier string) Sharing {
		return r.path(c, identifier, crossed)
	}
}

// path is the sharing of a field's value, at the end of a path from c. No field's
// name begins with an @.
func (r *Rules) path(c *pocketbase.Collection, path string, crossed func(*reading) Sharing) Sharing {
	if _, err := c.Steps(r.schema, path); err != nil {
		return r.nobody
	}
	names := strings.Split(path, ".")
	out, _ := r.follow(c, names[:len(names)-1], crossed)
	return out
}

// ofCaller follows a path from the caller's own record, which may be one of any
// auth collection. Where that lacks the field, PocketBase reads null.
func (r *Rules) ofCaller(path string) Sharing {
	out := Sharing{Reach: Identity}
	if !strings.Contains(path, ".") { // of that record itself
		return out
	}
	for _, c := range r.schema.All() {
		if c.Type != core.CollectionTypeAuth || c.Name == core.CollectionNameSuperusers {
			continue
		}
		if _, err := c.Steps(r.schema, path); err == nil {
			out = out.With(r.path(c, path, (*reading).stored))
		} else if r.hasOpaque { // through which the path may lead
			return r.nobody
		}
	}
	return out
}

func (r *Rules) ofCollection(path string) Sharing {
	name, path, _ := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, ":")
	c := r.schema.Find(name)
	if c == nil {
		return r.nobody
	}
	return r.read[c.Id].rows.With(r.path(c, path, (*reading).stored))
}
