package wasm

func (v *validator) needMemory() {
	if v.module.memory == nil {
		v.r.malformed("there is no memory")
	}
}

// zero reads the index of the only memory, which version 2.0 wants as one byte.
func (v *validator) zero() {
	if v.r.byte() != 0 {
		v.r.refuse("%s uses a second memory, which policies may not have: build without the multimemory feature", v.r.what)
	}
}

func (v *validator) memorySize(op byte) {
	v.needMemory()
	v.zero()
	if op == opMemorySize {
		v.charge(1)
		v.push(I32)
		return
	}
	v.charge(costGrow)
	v.popType(I32)
	v.mark(v.at, markGrow, 0)
	v.mark(v.next(), markGrown, 0)
	v.push(I32)
}

// misc validates what follows opMisc: saturating conversions and bulk memory.
func (v *validator) misc() {
	op := v.r.byte()
	if int(op) < len(conversions) {
		v.charge(1)
		v.apply(&conversions[op])
		return
	}
	switch op {
	case opMemoryInit:
		if segment := v.r.u32(); int64(segment) >= int64(v.module.dataCount) {
			v.r.malformed("there is no data segment %d", segment)
		}
	case opMemoryCopy:
		v.zero()
	case opMemoryFill:
	default:
		if refused, known := refusedMisc[op]; known {
			v.fail(refused)
		} else {
			v.r.malformed("there is no instruction 0x%02x %d", opMisc, op)
		}
		return
	}
	v.needMemory()
	v.zero()
	v.charge(costBulk)
	v.mark(v.at, markBulk, 0)
	v.popTypes([]ValueType{I32, I32, I32})
}
