package gateway

import (
	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/server/pocketbase"
)

// ordered is a record as the ABI promises it: id, collectionId and
// collectionName first, then the fields in schema order. PocketBase answers
// them by name.
func ordered(a *fastjson.Arena, c *pocketbase.Collection, record *fastjson.Value) *fastjson.Value {
	out := a.NewObject()
	for _, name := range []string{"id", "collectionId", "collectionName"} {
		if v := record.Get(name); v != nil {
			out.Set(name, v)
		}
	}
	for _, f := range c.Fields {
		if v := record.Get(f.GetName()); v != nil && f.GetName() != "id" {
			out.Set(f.GetName(), v)
		}
	}
	return out
}

// lacking names the fields of the schema that a record lacks: those that the
// database does not show to whoever asked, or a hook took away.
func lacking(c *pocketbase.Collection, record *fastjson.Value) (names []string) {
	if record.GetObject().Len() == len(c.Fields)+2 { // id is a field, collectionId and collectionName are not
		return nil
	}
	for _, f := range c.Fields {
		if record.Get(f.GetName()) == nil {
			names = append(names, f.GetName())
		}
	}
	return names
}
