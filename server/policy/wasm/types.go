package wasm

import (
	"fmt"
	"slices"
	"strings"
)

// ValueType is the type of a local, a global or an operand, in its binary
// encoding. References and vectors are not among them: policies may not use
// them as values.
type ValueType byte

const (
	I32 ValueType = 0x7f
	I64 ValueType = 0x7e
	F32 ValueType = 0x7d
	F64 ValueType = 0x7c

	// anyType stands for an operand that unreachable code need not have.
	anyType ValueType = 0
)

func (t ValueType) String() string {
	switch t {
	case I32:
		return "i32"
	case I64:
		return "i64"
	case F32:
		return "f32"
	case F64:
		return "f64"
	case 0x7b:
		return "v128"
	case 0x70:
		return "funcref"
	case 0x6f:
		return "externref"
	}
	return fmt.Sprintf("type 0x%02x", byte(t))
}

// number tells whether t is one of the four types that policies may use.
func (t ValueType) number() bool { return t >= F64 && t <= I32 }

// FuncType is what a function takes and gives back.
type FuncType struct {
	Params, Results []ValueType
}

// Equal tells whether both types are the same.
func (f FuncType) Equal(g FuncType) bool {
	return slices.Equal(f.Params, g.Params) && slices.Equal(f.Results, g.Results)
}

// String writes the type as in "(i32, f64) -> i32".
func (f FuncType) String() string {
	s := "(" + join(f.Params) + ")"
	switch len(f.Results) {
	case 0:
		return s
	case 1:
		return s + " -> " + f.Results[0].String()
	}
	return s + " -> (" + join(f.Results) + ")"
}

func join(types []ValueType) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.String()
	}
	return strings.Join(names, ", ")
}

// Kind is what an export refers to, in its binary encoding.
type Kind byte

const (
	KindFunction Kind = iota
	KindTable
	KindMemory
	KindGlobal
)

func (k Kind) String() string {
	switch k {
	case KindFunction:
		return "function"
	case KindTable:
		return "table"
	case KindMemory:
		return "memory"
	case KindGlobal:
		return "global"
	}
	return fmt.Sprintf("kind %d", byte(k))
}
