package sharing

import "github.com/hapta/hapta/server/pocketbase"

// shown is the sharing of how a caller sees a record that a rule lets through, in all
// but the record itself.
//
// PocketBase adds the address of an auth record, visible or not, for a caller
// whose id the record has, be it one of another auth collection, and for whom
// the collection's manage rule lets through. An empty manage rule lets nobody
// through (apis/record_helpers.go, autoResolveRecordsFlags). So the records of an
// auth collection are never everyone's: each of them is another one to its owner.
func (r *Rules) shown(c *pocketbase.Collection, rule *string) Sharing {
	out := r.rule(c, rule)
	if !c.IsAuth() {
		return out
	}
	out = out.With(Sharing{Reach: Identity})
	if c.ManageRule != nil && *c.ManageRule != "" {
		out = out.With(r.rule(c, c.ManageRule))
		out.Managed = true
	}
	return out
}
