package wasm

import "math"

// validator checks one function after another by the algorithm of the
// specification's appendix (a stack of operand types, a stack of blocks), and
// notes on the way what the rewriter needs.
type validator struct {
	module *Module
	r      *reader
	f      *function
	locals []ValueType
	stack  []operand
	frames []frame
	sets   []uint32 // by local: how often it has been set so far
	tracks []int    // stores in force that track their writes, see written.go
	height int      // the most operands there were
	count  int      // instructions
	at     int      // offset of the current instruction in the code
	start  int      // offset of the code in r

	exact bool // for tests: charge every instruction where it stands
}

// operand is a value that waits on the stack.
type operand struct {
	ValueType
	local uint32 // the local it was read from, plus one; 0 for none
}

// frame is a block that is open.
type frame struct {
	op              byte
	params, results []ValueType
	height          int    // of the operand stack below it
	unreachable     bool   // the rest of the block is never run
	dead            bool   // the block itself is never run
	segment         uint32 // in force
	before          uint32 // in force where the block began
	split           bool   // what follows may be skipped
	outer           int    // outermost frame that a branch from within leads to
	tracks          int    // stores in force where the block began
}

// label is what a branch to the block carries.
func (f *frame) label() []ValueType {
	if f.op == opLoop {
		return f.params
	}
	return f.results
}

// function validates a body whose locals have been read.
func (v *validator) function(r *reader, f *function, declared uint32) {
	v.r, v.f, v.start = r, f, r.at
	v.stack, v.frames, v.height, v.count = v.stack[:0], v.frames[:0], 0, 0
	v.sets, v.tracks = append(v.sets[:0], make([]uint32, len(v.locals))...), v.tracks[:0]
	v.open(0, nil, v.module.types[f.typ].Results)
	v.begin(0, true)
	f.segments[0].cost = costEntry + declared
	for len(v.frames) > 0 && r.err == nil {
		v.at = r.at - v.start
		v.count++
		v.step(r.byte())
	}
	if r.err == nil && r.at != len(r.data) {
		r.malformed("code follows the end of the function")
	}
	f.frame = frameUnits(len(v.locals), v.height, v.count)
	f.settleStores(v.sets)
}

func (v *validator) top() *frame { return &v.frames[len(v.frames)-1] }

func (v *validator) open(op byte, params, results []ValueType) {
	if len(v.frames) > v.module.limits.NestingDepth {
		v.r.refuse("%s nests blocks deeper than %d, the most that policies may: split it", v.r.what, v.module.limits.NestingDepth)
		return
	}
	f := frame{op: op, params: params, results: results, height: len(v.stack), outer: math.MaxInt, tracks: len(v.tracks)}
	if len(v.frames) > 0 {
		above := v.top()
		f.segment, f.before = above.segment, above.segment
		f.dead = above.dead || above.unreachable
	}
	v.frames = append(v.frames, f)
	v.push(params...)
}

func (v *validator) push(types ...ValueType) {
	for _, t := range types {
		v.stack = append(v.stack, operand{ValueType: t})
	}
	v.height = max(v.height, len(v.stack))
	if len(v.stack) > v.module.limits.OperandStack {
		v.r.refuse("%s keeps more than %d values waiting, the most that policies may: split it", v.r.what, v.module.limits.OperandStack)
	}
}

func (v *validator) pop() ValueType { return v.popOperand().ValueType }

func (v *validator) popOperand() operand {
	f := v.top()
	if len(v.stack) == f.height {
		if !f.unreachable {
			v.r.malformed("an operand is missing")
		}
		return operand{ValueType: anyType}
	}
	o := v.stack[len(v.stack)-1]
	v.stack = v.stack[:len(v.stack)-1]
	return o
}

func (v *validator) popType(want ValueType) {
	v.match(v.pop(), want)
}

func (v *validator) match(t, want ValueType) {
	if t != want && t != anyType && want != anyType {
		v.r.malformed("an operand is %s where %s is needed", t, want)
	}
}

func (v *validator) popTypes(types []ValueType) {
	for i := len(types) - 1; i >= 0; i-- {
		v.popType(types[i])
	}
}

// peekTypes checks the top of the stack and leaves it as it is.
func (v *validator) peekTypes(types []ValueType) {
	f := v.top()
	for i, want := range types {
		if at := len(v.stack) - len(types) + i; at >= f.height {
			v.match(v.stack[at].ValueType, want)
		} else if !f.unreachable {
			v.r.malformed("an operand is missing")
		}
	}
}

// finish drops what the rest of a block could still see, after a branch that
// is always taken.
func (v *validator) finish() {
	f := v.top()
	v.stack = v.stack[:f.height]
	f.unreachable = true
}

// next is the offset of the instruction after the current one.
func (v *validator) next() int { return v.r.at - v.start }
