package wasm

// step validates one instruction.
func (v *validator) step(op byte) {
	switch op {
	case opUnreachable:
		v.charge(1)
		v.finish()
	case opNop:
	case opBlock, opLoop, opIf:
		v.block(op)
	case opElse:
		v.otherwise()
	case opEnd:
		v.end()
	case opBr, opBrIf, opBrTable, opReturn:
		v.branch(op)
	case opCall, opCallIndirect:
		v.call(op)
	case opDrop, opSelect, opSelectTyped:
		v.charge(1)
		v.parametric(op)
	case opLocalGet, opLocalSet, opLocalTee:
		v.charge(1)
		v.local(op)
	case opGlobalGet, opGlobalSet:
		v.charge(1)
		v.global(op)
	case opMemorySize, opMemoryGrow:
		v.memorySize(op)
	case opI32Const, opI64Const, opF32Const, opF64Const:
		v.charge(1)
		v.constant(op)
	case opMisc:
		v.misc()
	default:
		v.plain(op)
	}
}

func (v *validator) plain(op byte) {
	in := &instructions[op]
	if !in.valid {
		if refused, known := refusedInstructions[op]; known {
			v.fail(refused)
		} else {
			v.r.malformed("there is no instruction 0x%02x", op)
		}
		return
	}
	v.charge(in.cost)
	offset := uint32(0)
	if in.access {
		v.needMemory()
		if align := v.r.u32(); align > uint32(in.align) {
			v.r.malformed("a memory access is aligned to more than its size")
		}
		offset = v.r.u32()
	}
	if in.stores() {
		v.popType(in.pops[1])
		address := v.popOperand()
		v.match(address.ValueType, I32)
		v.store(in.pops[1], address, offset)
		return
	}
	v.apply(in)
}

func (v *validator) apply(in *instruction) {
	v.popTypes(in.pops)
	v.push(in.pushes...)
}

func (v *validator) fail(refused refusal) {
	if v.r.err == nil {
		v.r.err = refused.sentence(v.r.what)
	}
}

func (v *validator) parametric(op byte) {
	switch op {
	case opDrop:
		v.pop()
	case opSelect:
		v.popType(I32)
		a, b := v.pop(), v.pop()
		v.match(a, b)
		v.push(max(a, b))
	case opSelectTyped:
		if n := v.r.u32(); n != 1 {
			v.r.malformed("a select names %d types", n)
		}
		t := v.module.readValueType(v.r)
		v.popTypes([]ValueType{t, t, I32})
		v.push(t)
	}
}

func (v *validator) local(op byte) {
	index := v.r.u32()
	if uint64(index) >= uint64(len(v.locals)) {
		v.r.malformed("there is no local %d", index)
		return
	}
	t := v.locals[index]
	if op != opLocalGet {
		v.popType(t)
		v.sets[index]++
	}
	if op != opLocalSet {
		v.push(t)
		v.stack[len(v.stack)-1].local = index + 1
	}
}

func (v *validator) global(op byte) {
	index := v.r.u32()
	if uint64(index) >= uint64(len(v.module.globals)) {
		v.r.malformed("there is no global %d", index)
		return
	}
	g := v.module.globals[index]
	switch {
	case op == opGlobalGet:
		v.push(g.Type)
	case !g.Mutable:
		v.r.malformed("global %d is constant and cannot be set", index)
	default:
		v.popType(g.Type)
	}
}

func (v *validator) constant(op byte) {
	switch op {
	case opI32Const:
		v.r.signed(32)
		v.push(I32)
	case opI64Const:
		v.r.signed(64)
		v.push(I64)
	case opF32Const:
		v.r.take(4)
		v.push(F32)
	case opF64Const:
		v.r.take(8)
		v.push(F64)
	}
}

func (v *validator) call(op byte) {
	v.charge(costCall)
	index := v.r.u32()
	var callee FuncType
	var node uint32
	internal := true
	if op == opCall {
		if index >= v.module.functionCount() {
			v.r.malformed("there is no function %d", index)
			return
		}
		callee = v.module.functionType(index)
		internal = index >= uint32(len(v.module.imported))
		node = index - uint32(len(v.module.imported))
	} else {
		if uint64(index) >= uint64(len(v.module.types)) {
			v.r.malformed("there is no type %d", index)
			return
		}
		if v.r.u32() != 0 || v.module.table == nil {
			v.r.malformed("there is no such table to call through")
		}
		callee = v.module.types[index]
		node = uint32(len(v.module.functions)) + v.module.canonical[index]
		v.popType(I32)
	}
	v.popTypes(callee.Params)
	if internal {
		v.mark(v.at, markCall, node)
		v.mark(v.next(), markReturned, node)
	}
	v.push(callee.Results...)
}
