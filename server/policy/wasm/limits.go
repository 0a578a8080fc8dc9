package wasm

// Limits caps what a module may declare. Each is checked before memory in
// proportion to the declared number is taken, so a few bytes that announce
// millions of something cost nothing. Zero allows none of it.
type Limits struct {
	ModuleBytes       int // whole module, custom sections included
	CustomSections    int
	Types             int
	Parameters        int // of one function type
	Results           int // of one function type
	Imports           int
	Functions         int // defined ones; imports are not counted
	LocalsPerFunction int // parameters included
	BodyBytes         int // of one function
	NestingDepth      int // blocks within blocks in one function
	OperandStack      int // values waiting at one point of one function
	Globals           int
	TableElements     int // declared size, and entries of all segments together
	MemoryPages       int // of 64 KiB; a higher declared maximum is lowered to this
	Exports           int
	ElementSegments   int
	DataSegments      int
}

// DefaultLimits leaves several times the room that policies built with Rust or
// AssemblyScript need.
func DefaultLimits() Limits {
	return Limits{
		ModuleBytes:       1 << 20,
		CustomSections:    64,
		Types:             1024,
		Parameters:        64,
		Results:           16,
		Imports:           256,
		Functions:         4096,
		LocalsPerFunction: 1000,
		BodyBytes:         128 << 10,
		NestingDepth:      512,
		OperandStack:      1024,
		Globals:           256,
		TableElements:     4096,
		MemoryPages:       256,
		Exports:           256,
		ElementSegments:   64,
		DataSegments:      2048,
	}
}
