package policy

import (
	"context"
	"fmt"
	"math"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/hapta/hapta/abi"
)

// callContext carries the call to the host functions. wazero hands on the very
// context that it was given, so a type assertion finds it.
type callContext struct {
	context.Context
	call *call
}

// stack holds the parameters of a host function, and takes its result.
type stack []uint64

// u32 is a parameter; the slot's upper half is garbage.
func (s stack) u32(i int) uint32 { return api.DecodeU32(s[i]) }

func (s stack) f64(i int) float64 { return math.Float64frombits(s[i]) }

func (s stack) answer(v uint32) { s[0] = uint64(v) }

func (s stack) answerBool(v bool) {
	s[0] = 0
	if v {
		s[0] = 1
	}
}

// hostFunctions implement abi.Functions.
var hostFunctions = map[string]func(*call, stack){
	"name": name, "name_set": nameSet, "code": code,

	"root": root, "get": get, "get_text": getText, "at": at, "key": key, "relation": relation,
	"kind": kind, "size": size, "boolean": boolean, "number": number, "integer": integer,
	"read": read, "modifier": modifier, "now": now,

	"equals": equals, "equals_text": equalsText, "equals_name": equalsName, "compare": compare,
	"contains": contains, "contains_text": containsText, "glob": matchGlob, "blank": blank,
	"first_in": firstIn, "first_not_in": firstNotIn,

	"select": selectRecord, "verdict": verdict, "set_null": setNull, "set_bool": setBool,
	"set_number": setNumber, "set_text": setText, "set_value": setValue, "unset": unset, "mask": mask,

	"where_null": whereNull, "where_bool": whereBool, "where_number": whereNumber,
	"where_text": whereText, "where_value": whereValue, "all_of": allOf, "any_of": anyOf, "narrow": narrow,

	"log": logLine, "panic": panicWith,
}

// instantiateHost offers the host functions that the module imports.
func instantiateHost(ctx context.Context, r wazero.Runtime, imported []string, abort bool) error {
	if len(imported) > 0 {
		b := r.NewHostModuleBuilder(abi.Module)
		for _, name := range imported {
			f, _ := abi.FunctionNamed(name)
			b.NewFunctionBuilder().WithGoModuleFunction(guarded(f), valueTypes(f.Params), results(f.Result)).Export(name)
		}
		if _, err := b.Instantiate(ctx); err != nil {
			return fmt.Errorf("offering %s: %w", abi.Module, err)
		}
	}
	if abort {
		b := r.NewHostModuleBuilder("env")
		b.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(abortGuest), valueTypes(abortParams), nil).Export("abort")
		if _, err := b.Instantiate(ctx); err != nil {
			return fmt.Errorf("offering env: %w", err)
		}
	}
	return nil
}

// guarded finds the call and sees to what holds for every host function.
func guarded(f *abi.Function) api.GoModuleFunc {
	do := hostFunctions[f.Name]
	return func(ctx context.Context, _ api.Module, s []uint64) {
		c := ctx.(*callContext).call
		c.function = f
		if !f.Phases.Has(c.phase) {
			c.misuse("it may not be called in the phase %s", c.phase)
		}
		c.charge(fuelPerCall)
		if c.input.Trace != nil {
			c.traced(f, do, s)
			return
		}
		if c.learned != nil {
			c.learned.note(c, f, do, s)
			return
		}
		do(c, s)
	}
}

func valueTypes(types []abi.Type) []api.ValueType {
	list := make([]api.ValueType, len(types))
	for i, t := range types {
		list[i] = api.ValueType(t)
	}
	return list
}

func results(t abi.Type) []api.ValueType {
	if t == abi.None {
		return nil
	}
	return []api.ValueType{api.ValueType(t)}
}
