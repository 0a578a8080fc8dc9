package wasm

// Opcodes that the validator or the rewriter treat by name.
const (
	opUnreachable  = 0x00
	opNop          = 0x01
	opBlock        = 0x02
	opLoop         = 0x03
	opIf           = 0x04
	opElse         = 0x05
	opEnd          = 0x0b
	opBr           = 0x0c
	opBrIf         = 0x0d
	opBrTable      = 0x0e
	opReturn       = 0x0f
	opCall         = 0x10
	opCallIndirect = 0x11
	opDrop         = 0x1a
	opSelect       = 0x1b
	opSelectTyped  = 0x1c
	opLocalGet     = 0x20
	opLocalSet     = 0x21
	opLocalTee     = 0x22
	opGlobalGet    = 0x23
	opGlobalSet    = 0x24
	opMemorySize   = 0x3f
	opMemoryGrow   = 0x40
	opI32Const     = 0x41
	opI64Const     = 0x42
	opF32Const     = 0x43
	opF64Const     = 0x44
	opI32Eq        = 0x46
	opI32LtS       = 0x48
	opI32LtU       = 0x49
	opI32GtU       = 0x4b
	opI64LtS       = 0x53
	opI32Add       = 0x6a
	opI32Sub       = 0x6b
	opI64Sub       = 0x7d
	opI64Shl       = 0x86
	opI64ShrU      = 0x88
	opI64ExtendU   = 0xad
	opMisc         = 0xfc

	// After opMisc.
	opMemoryInit = 8
	opMemoryCopy = 10
	opMemoryFill = 11

	blockTypeEmpty = 0x40
)

// instruction is one that only moves operands: what it takes off the stack and
// puts on it. A load or store also has its natural alignment.
type instruction struct {
	valid        bool
	access       bool // has an alignment and an offset
	align        byte // power of two
	cost         uint32
	pops, pushes []ValueType
}

// stores tells whether it writes its second operand to where the first says.
func (in *instruction) stores() bool { return in.access && len(in.pops) == 2 }

// What the instructions cost in fuel; all others cost 1. Labels make no
// machine code. The rest is what measures as several simple instructions.
const (
	costEntry  = 1 // and 1 for each local that has to be zeroed
	costDivide = 8
	costRoot   = 4
	costCall   = 4
	costBulk   = 8
	costGrow   = 64
)

// instructions holds every plain instruction by its opcode.
var instructions = plainInstructions()

// conversions are the saturating ones after opMisc, 0 to 7.
var conversions = [8]instruction{
	plain("f", "i"), plain("f", "i"), plain("d", "i"), plain("d", "i"),
	plain("f", "l"), plain("f", "l"), plain("d", "l"), plain("d", "l"),
}

// plain spells types as letters: i and l are i32 and i64, f and d f32 and f64.
func plain(pops, pushes string) instruction {
	return instruction{valid: true, cost: 1, pops: spelled(pops), pushes: spelled(pushes)}
}

func spelled(letters string) []ValueType {
	types := make([]ValueType, len(letters))
	for i, c := range letters {
		types[i] = map[rune]ValueType{'i': I32, 'l': I64, 'f': F32, 'd': F64}[c]
	}
	return types
}

func plainInstructions() (t [256]instruction) {
	fill := func(first, last int, pops, pushes string) {
		for op := first; op <= last; op++ {
			t[op] = plain(pops, pushes)
		}
	}
	numeric(fill)
	access := func(first int, pops, pushes string, aligns ...byte) {
		for i, align := range aligns {
			t[first+i] = plain(pops, pushes)
			t[first+i].access, t[first+i].align = true, align
		}
	}
	access(0x28, "i", "i", 2)
	access(0x29, "i", "l", 3)
	access(0x2a, "i", "f", 2)
	access(0x2b, "i", "d", 3)
	access(0x2c, "i", "i", 0, 0, 1, 1)
	access(0x30, "i", "l", 0, 0, 1, 1, 2, 2)
	access(0x36, "ii", "", 2)
	access(0x37, "il", "", 3)
	access(0x38, "if", "", 2)
	access(0x39, "id", "", 3)
	access(0x3a, "ii", "", 0, 1)
	access(0x3c, "il", "", 0, 1, 2)

	for _, op := range []int{0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82} { // div, rem
		t[op].cost = costDivide
	}
	for _, op := range []int{0x91, 0x95, 0x9f, 0xa3} { // sqrt, float div
		t[op].cost = costRoot
	}
	return t
}

func numeric(fill func(first, last int, pops, pushes string)) {
	fill(0x45, 0x45, "i", "i") // eqz
	fill(0x46, 0x4f, "ii", "i")
	fill(0x50, 0x50, "l", "i") // eqz
	fill(0x51, 0x5a, "ll", "i")
	fill(0x5b, 0x60, "ff", "i")
	fill(0x61, 0x66, "dd", "i")
	fill(0x67, 0x69, "i", "i")
	fill(0x6a, 0x78, "ii", "i")
	fill(0x79, 0x7b, "l", "l")
	fill(0x7c, 0x8a, "ll", "l")
	fill(0x8b, 0x91, "f", "f")
	fill(0x92, 0x98, "ff", "f")
	fill(0x99, 0x9f, "d", "d")
	fill(0xa0, 0xa6, "dd", "d")
	fill(0xa7, 0xa7, "l", "i") // wrap
	fill(0xa8, 0xa9, "f", "i")
	fill(0xaa, 0xab, "d", "i")
	fill(0xac, 0xad, "i", "l")
	fill(0xae, 0xaf, "f", "l")
	fill(0xb0, 0xb1, "d", "l")
	fill(0xb2, 0xb3, "i", "f")
	fill(0xb4, 0xb5, "l", "f")
	fill(0xb6, 0xb6, "d", "f") // demote
	fill(0xb7, 0xb8, "i", "d")
	fill(0xb9, 0xba, "l", "d")
	fill(0xbb, 0xbb, "f", "d") // promote
	fill(0xbc, 0xbc, "f", "i") // reinterpretations
	fill(0xbd, 0xbd, "d", "l")
	fill(0xbe, 0xbe, "i", "f")
	fill(0xbf, 0xbf, "l", "d")
	fill(0xc0, 0xc1, "i", "i") // sign extensions
	fill(0xc2, 0xc4, "l", "l")
}
