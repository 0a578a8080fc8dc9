package main

import (
	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	"github.com/valyala/fastjson"
)

func cedarID(record *fastjson.Value) cedar.EntityUID {
	return cedar.NewEntityUID("users", cedar.String(textOf(record.GetStringBytes("id"))))
}

func cedarRecord(v *fastjson.Value) cedar.Record {
	o := v.GetObject()
	fields := make(cedar.RecordMap, o.Len())
	o.Visit(func(key []byte, v *fastjson.Value) { fields[cedar.String(textOf(key))] = cedarValue(v) })
	return cedar.NewRecord(fields)
}

// cedarValue makes null an empty record, for Cedar has none, and numbers whole.
func cedarValue(v *fastjson.Value) types.Value {
	switch v.Type() {
	case fastjson.TypeObject:
		return cedarRecord(v)
	case fastjson.TypeArray:
		items := v.GetArray()
		values := make([]types.Value, len(items))
		for i, item := range items {
			values[i] = cedarValue(item)
		}
		return cedar.NewSet(values...)
	case fastjson.TypeString:
		return cedar.String(textOf(v.GetStringBytes()))
	case fastjson.TypeNumber:
		return cedar.Long(v.GetInt64())
	case fastjson.TypeTrue, fastjson.TypeFalse:
		return cedar.Boolean(v.GetBool())
	}
	return cedar.Record{}
}
