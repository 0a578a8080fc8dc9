package gateway

import (
	"slices"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/server/pocketbase"
)

// showsToManager tells whether an answer, to a list or a view, shows an account as only
// those see it whom a manage rule lets through: with an address that is not visible, and
// is not the caller's own (PocketBase's apis/record_helpers.go, autoResolveRecordsFlags).
// It does in doubt, as where the fields that would tell were not asked for.
func showsToManager(schema *pocketbase.Schema, answer []byte, isList bool, caller *Caller) bool {
	v, err := fastjson.ParseBytes(answer)
	if err != nil {
		return true
	}
	if isList {
		v = v.Get("items")
	}
	return isManaged(schema, v, caller)
}

// isManaged is showsToManager for a record, or several, and what is expanded in them.
func isManaged(schema *pocketbase.Schema, v *fastjson.Value, caller *Caller) bool {
	if records := v.GetArray(); records != nil {
		return slices.ContainsFunc(records, func(record *fastjson.Value) bool { return isManaged(schema, record, caller) })
	}
	c := schema.Find(string(v.GetStringBytes("collectionId")))
	isOwn := caller != nil && string(v.GetStringBytes("id")) == caller.RecordID
	if len(v.GetStringBytes("email")) > 0 && !v.GetBool("emailVisibility") && !isOwn && (c == nil || c.IsAuth()) {
		return true
	}
	found := false
	v.GetObject("expand").Visit(func(_ []byte, expanded *fastjson.Value) {
		found = found || isManaged(schema, expanded, caller)
	})
	return found
}
