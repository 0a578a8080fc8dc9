package wasm

// single are the results of blocks that give one value.
var single = map[byte][]ValueType{
	blockTypeEmpty: nil, byte(I32): {I32}, byte(I64): {I64}, byte(F32): {F32}, byte(F64): {F64},
}

func (v *validator) blockType() (params, results []ValueType) {
	if v.r.at < len(v.r.data) {
		if types, ok := single[v.r.data[v.r.at]]; ok {
			v.r.at++
			return nil, types
		}
	}
	index := v.r.signed(33)
	if index < 0 || index >= int64(len(v.module.types)) {
		v.r.malformed("there is no block type %d", index)
		return nil, nil
	}
	return v.module.types[index].Params, v.module.types[index].Results
}

func (v *validator) block(op byte) {
	params, results := v.blockType()
	if op == opIf {
		v.popType(I32)
		v.charge(1)
	} else {
		v.charge(0)
	}
	v.popTypes(params)
	v.open(op, params, results)
	if v.r.err != nil {
		return
	}
	f := v.top()
	switch {
	case f.dead:
	case op == opLoop:
		v.begin(v.next(), true)
	case op == opIf:
		f.split = true
	}
}

func (v *validator) otherwise() {
	f := v.top()
	if f.op != opIf {
		v.r.malformed("an else has no if")
		return
	}
	v.close(f)
	v.tracks = v.tracks[:f.tracks]
	f.op, f.unreachable = opElse, false
	f.segment, f.split = f.before, true
	v.push(f.params...)
}

// close checks that a block ends with its results and nothing else.
func (v *validator) close(f *frame) {
	v.popTypes(f.results)
	if len(v.stack) != f.height {
		v.r.malformed("%d values are left over at the end of a block", len(v.stack)-f.height)
	}
}

func (v *validator) end() {
	f := *v.top()
	if f.op == opIf && !(FuncType{Results: f.params}).Equal(FuncType{Results: f.results}) {
		v.r.malformed("an if without else must give what it takes")
	}
	v.close(&f)
	if v.r.err != nil {
		return
	}
	v.tracks = v.tracks[:f.tracks]
	v.frames = v.frames[:len(v.frames)-1]
	if len(v.frames) == 0 {
		return
	}
	v.push(f.results...)
	// A branch from within that went further out skips what follows here too.
	if above := v.top(); f.outer < len(v.frames) {
		above.split = true
		above.outer = min(above.outer, f.outer)
	}
}

// target reads a label and notes that a branch leads there.
func (v *validator) target() []ValueType {
	depth := v.r.u32()
	if uint64(depth) >= uint64(len(v.frames)) {
		v.r.malformed("there is no block %d levels out", depth)
		return nil
	}
	index := len(v.frames) - 1 - int(depth)
	v.leave(index)
	return v.frames[index].label()
}

// leave notes that the code that follows may be skipped, out to the end of
// the given frame.
func (v *validator) leave(index int) {
	if f := v.top(); !f.dead && !f.unreachable {
		f.split = true
		f.outer = min(f.outer, index)
	}
}

func (v *validator) branch(op byte) {
	switch op {
	case opBr:
		v.charge(1)
		v.popTypes(v.target())
		v.finish()
	case opBrIf:
		v.charge(1)
		types := v.target()
		v.popType(I32)
		v.popTypes(types)
		v.push(types...)
	case opBrTable:
		v.charge(2)
		v.branchTable()
	case opReturn:
		v.charge(1)
		v.leave(0)
		v.popTypes(v.frames[0].results)
		v.finish()
	}
}

func (v *validator) branchTable() {
	v.popType(I32)
	n := v.r.u32()
	if uint64(n) > uint64(len(v.r.data)-v.r.at) {
		v.r.malformed("a table of %d branches does not fit in the function", n)
		return
	}
	arity := -1
	for i := uint32(0); i <= n && v.r.err == nil; i++ {
		types := v.target()
		if arity >= 0 && len(types) != arity {
			v.r.malformed("a table of branches leads to blocks of different types")
		}
		arity = len(types)
		v.peekTypes(types)
	}
	v.finish()
}
