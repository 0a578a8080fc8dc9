package author

import (
	"cmp"
	"slices"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/server/policy"
)

// input is what the policy is told, as the server would tell it.
func (c *Cases) input(one *Case, m *policy.Manifest) (*policy.Input, error) {
	in := &policy.Input{
		Operation: one.operation, Reason: one.reason, Now: one.now,
		Query: object(one.query), Headers: object(one.headers),
	}
	if one.caller != nil {
		in.Caller = visible(object(one.caller), m.Caller, c.ids(one))
		in.Session = object(one.session)
		fill(in.Session, "id", "session", "created", noon.Format("2006-01-02 15:04:05.000Z"))
	}
	if one.stored != nil {
		record, err := c.stored(one, one.stored, m)
		if err != nil {
			return nil, err
		}
		in.Stored = &record
	}
	for _, f := range one.incoming {
		in.Incoming = append(in.Incoming, policy.Field{Name: f.name, Modifier: f.modifier, Value: value(f.value)})
	}
	in.Request = object(one.request)
	fill(in.Request, "id", "request", "collection", c.collection, "address", "127.0.0.1", "operation", one.operation.String())
	if in.Stored != nil {
		fill(in.Request, "record", string(in.Stored.Value.GetStringBytes("id")))
	}
	return in, nil
}

// pageRecords are the stored records of a page.
func (c *Cases) pageRecords(one *Case, m *policy.Manifest) ([]policy.Record, error) {
	var records []policy.Record
	for _, text := range one.page {
		record, err := c.stored(one, text, m)
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

func (c *Cases) stored(one *Case, text []byte, m *policy.Manifest) (policy.Record, error) {
	record := policy.Record{Value: object(text), Relations: map[string]*fastjson.Value{}}
	ids := c.ids(one)
	fill(record.Value, "collectionName", c.collection)
	fillID(record.Value, ids)
	for _, r := range one.relations {
		if !slices.Contains(m.Relations, r.name) {
			return record, mistake("%s:%d: the policy's manifest does not name the relation %q, so the server would not fetch it", c.source.file, one.line, r.name)
		}
		related := value(r.value)
		for _, one := range append(related.GetArray(), related) {
			if one.Type() == fastjson.TypeObject {
				fillID(one, ids)
			}
		}
		record.Relations[r.name] = related
	}
	return record, nil
}

// visible leaves of a caller what the server tells: who it is, a record of users
// if it does not say, and the fields that the manifest names.
func visible(caller *fastjson.Value, fields []string, ids map[string]string) *fastjson.Value {
	fill(caller, "collectionName", ofCallers)
	fillID(caller, ids)
	var a fastjson.Arena
	told := a.NewObject()
	for _, name := range slices.Concat([]string{"id", "collectionId", "collectionName"}, fields) {
		if v := caller.Get(name); v != nil {
			told.Set(name, v)
		}
	}
	return told
}

// ofCallers is the collection of a caller that does not say.
const ofCallers = "users"

// fillID adds the id of the record's collection, where its name is known.
func fillID(record *fastjson.Value, ids map[string]string) {
	name := string(record.GetStringBytes("collectionName"))
	fill(record, "collectionId", cmp.Or(ids[name], name))
}

// fill adds texts that are missing.
func fill(object *fastjson.Value, pairs ...string) {
	var a fastjson.Arena
	for i := 0; i < len(pairs); i += 2 {
		if !object.Exists(pairs[i]) && pairs[i+1] != "" {
			object.Set(pairs[i], a.NewString(pairs[i+1]))
		}
	}
}

// object is one that may be added to; nil is an empty one.
func object(text []byte) *fastjson.Value {
	if text == nil {
		text = []byte("{}")
	}
	return value(text)
}

// value reads JSON that was found valid before.
func value(text []byte) *fastjson.Value { return fastjson.MustParseBytes(text) }
