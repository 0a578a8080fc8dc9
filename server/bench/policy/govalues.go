package main

import (
	"encoding/json"

	"github.com/valyala/fastjson"
)

// fill puts the fields of an object into a map. Texts are shared with the parser.
func fill(m map[string]any, object *fastjson.Value) {
	clear(m)
	object.GetObject().Visit(func(key []byte, v *fastjson.Value) { m[textOf(key)] = goValue(v) })
}

func goValue(v *fastjson.Value) any {
	switch v.Type() {
	case fastjson.TypeObject:
		m := map[string]any{}
		fill(m, v)
		return m
	case fastjson.TypeArray:
		items := v.GetArray()
		values := make([]any, len(items))
		for i, item := range items {
			values[i] = goValue(item)
		}
		return values
	case fastjson.TypeString:
		return textOf(v.GetStringBytes())
	case fastjson.TypeNumber:
		return json.Number(v.String())
	case fastjson.TypeTrue, fastjson.TypeFalse:
		return v.GetBool()
	}
	return nil
}
