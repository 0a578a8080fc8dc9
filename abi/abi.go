package abi

import "slices"

// Type is the type of a wasm value, as the binary format encodes it.
type Type byte

// The types that occur in the ABI.
const (
	None Type = 0x00 // no result
	F64  Type = 0x7c
	I64  Type = 0x7e
	I32  Type = 0x7f
)

// Phases is a set of phases: bit n stands for Phase n.
type Phases uint8

// Has reports whether the set holds the phase.
func (s Phases) Has(p Phase) bool { return s&(1<<p) != 0 }

// Function is a function that the host offers to policies.
type Function struct {
	Name   string
	Params []Type
	Names  []string // of the parameters
	Result Type
	Phases Phases // where it may be called
}

// Export is a function that a policy offers to the host. It returns nothing.
type Export struct {
	Name     string
	Phase    Phase
	Params   int  // all of them i32
	Required bool // when the manifest names an operation of the phase
}

// FunctionNamed finds a host function.
func FunctionNamed(name string) (*Function, bool) {
	i := slices.IndexFunc(Functions, func(f Function) bool { return f.Name == name })
	if i < 0 {
		return nil, false
	}
	return &Functions[i], true
}

// OperationNamed finds an operation by its name.
func OperationNamed(name string) (Operation, bool) {
	i := slices.Index(operationNames[:], name)
	return Operation(i), i > 0
}
