package main

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
	"github.com/valyala/fastjson"
)

// gojaRule calls a function of a script that was compiled and run once.
type gojaRule struct {
	vm          *goja.Runtime
	rule, parse goja.Callable
	caller      goja.Value

	parsers      parsers
	stored, body *jsObject
	objects      [2]goja.Value // that show stored and body
	asking       bool
}

func newGoja(asking bool) (*gojaRule, error) {
	program, err := goja.Compile("users.js", jsRule, true)
	if err != nil {
		return nil, fmt.Errorf("compiling the script: %w", err)
	}
	vm := goja.New()
	if _, err := vm.RunProgram(program); err != nil {
		return nil, fmt.Errorf("running the script: %w", err)
	}
	g := &gojaRule{vm: vm, stored: &jsObject{vm: vm}, body: &jsObject{vm: vm}, asking: asking}
	g.objects = [2]goja.Value{vm.NewDynamicObject(g.stored), vm.NewDynamicObject(g.body)}
	rule, isRule := goja.AssertFunction(vm.Get("update"))
	parse, isParse := goja.AssertFunction(vm.Get("JSON").ToObject(vm).Get("parse"))
	if !isRule || !isParse {
		return nil, errors.New("the script has no function update")
	}
	g.rule, g.parse = rule, parse
	return g, nil
}

func (g *gojaRule) signIn(caller *fastjson.Value) {
	g.caller = goja.Null()
	if caller != nil {
		g.caller = jsValue(g.vm, caller)
	}
}

func (g *gojaRule) update(stored, body []byte) (answer, error) {
	s, b, err := g.read(stored, body)
	if err != nil {
		return answer{}, err
	}
	result, err := g.rule(goja.Undefined(), g.caller, s, b)
	if err != nil || goja.IsNull(result) {
		return answer{}, err
	}
	refusal := result.ToObject(g.vm)
	return answer{refusal.Get("code").String(), refusal.Get("message").String()}, nil
}

// read makes the two texts objects of the script.
func (g *gojaRule) read(stored, body []byte) (s, b goja.Value, err error) {
	if g.asking {
		g.stored.object, g.body.object, err = g.parsers.parse(stored, body)
		return g.objects[0], g.objects[1], err
	}
	if s, err = g.parse(goja.Undefined(), g.vm.ToValue(textOf(stored))); err == nil {
		b, err = g.parse(goja.Undefined(), g.vm.ToValue(textOf(body)))
	}
	return s, b, err
}
