package main

import (
	"github.com/dop251/goja"
	"github.com/valyala/fastjson"
)

// jsObject shows a script an object that was parsed, and makes of it only what the
// script asks for.
type jsObject struct {
	vm     *goja.Runtime
	object *fastjson.Value
}

func (o *jsObject) Get(key string) goja.Value {
	if v := o.object.Get(key); v != nil {
		return jsValue(o.vm, v)
	}
	return nil
}

func (o *jsObject) Has(key string) bool { return o.object.Exists(key) }

func (o *jsObject) Keys() []string {
	var keys []string
	o.object.GetObject().Visit(func(key []byte, _ *fastjson.Value) { keys = append(keys, string(key)) })
	return keys
}

func (o *jsObject) Set(string, goja.Value) bool { return false }

func (o *jsObject) Delete(string) bool { return false }

func jsValue(vm *goja.Runtime, v *fastjson.Value) goja.Value {
	switch v.Type() {
	case fastjson.TypeObject:
		return vm.NewDynamicObject(&jsObject{vm, v})
	case fastjson.TypeArray:
		items := v.GetArray()
		values := make([]any, len(items))
		for i, item := range items {
			values[i] = jsValue(vm, item)
		}
		return vm.NewArray(values...)
	case fastjson.TypeString:
		return vm.ToValue(textOf(v.GetStringBytes()))
	case fastjson.TypeNumber:
		return vm.ToValue(v.GetFloat64())
	case fastjson.TypeTrue, fastjson.TypeFalse:
		return vm.ToValue(v.GetBool())
	}
	return goja.Null()
}
