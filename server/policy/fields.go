package policy

import "github.com/valyala/fastjson"

// fields are those of an object: of a JSON one, or the incoming ones, which are
// no JSON object unless a policy asks for them as a whole.
type fields struct {
	object   *fastjson.Object
	incoming []Field
}

func (f fields) len() int {
	if f.object == nil {
		return len(f.incoming)
	}
	return f.object.Len()
}

// get is the field of that name, nil when there is none.
func (f fields) get(name string) *fastjson.Value {
	if f.object != nil {
		return f.object.Get(name)
	}
	for i := range f.incoming {
		if f.incoming[i].Name == name {
			return f.incoming[i].Value
		}
	}
	return nil
}

// find is the first field that will do, by its name and place.
func (f fields) find(will func(name string, at int) bool) (name string, v *fastjson.Value) {
	at := 0
	each := func(key string, value *fastjson.Value) {
		if v == nil && will(key, at) {
			name, v = key, value
		}
		at++
	}
	if f.object != nil {
		f.object.Visit(func(key []byte, value *fastjson.Value) { each(keyOf(key), value) })
		return name, v
	}
	for i := range f.incoming {
		each(f.incoming[i].Name, f.incoming[i].Value)
	}
	return name, v
}

// whole is a value as JSON.
func (c *call) whole(v *value) *fastjson.Value {
	v.needWhole()
	if v.json == nil && v.incoming {
		v.json = c.arena.NewObject()
		for _, f := range c.input.Incoming {
			v.json.Set(f.Name, f.Value)
		}
	}
	return v.json
}
