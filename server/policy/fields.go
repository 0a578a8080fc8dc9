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

// nth is the field at that place, from 0.
func (f fields) nth(index int) (name string, v *fastjson.Value) {
	if index < 0 || index >= f.len() {
		return "", nil
	}
	if f.object == nil {
		return f.incoming[index].Name, f.incoming[index].Value
	}
	f.object.Visit(func(key []byte, value *fastjson.Value) {
		if index == 0 {
			name, v = keyOf(key), value
		}
		index--
	})
	return name, v
}

// find is the first field whose name will do.
func (f fields) find(will func(name string) bool) (name string, v *fastjson.Value) {
	each := func(key string, value *fastjson.Value) {
		if v == nil && will(key) {
			name, v = key, value
		}
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
