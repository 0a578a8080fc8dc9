package wasm

func (w *rewriter) code() []byte {
	functions := w.module.functions
	out := appendU32(nil, uint32(len(functions))+2)
	var body []byte
	for i := range functions {
		body = w.body(body[:0], uint32(i), &functions[i])
		out = appendBytes(out, body)
	}
	out = appendBytes(out, w.keep())
	return appendBytes(out, w.restore())
}

// body copies a function's instructions, which are valid as they stand, and
// puts the charges between them. Every insertion leaves the operands as they
// are, so it fits wherever an instruction may begin.
func (w *rewriter) body(out []byte, index uint32, f *function) []byte {
	out = w.locals(out, f)
	copied := uint32(0)
	for _, m := range f.marks {
		out = append(out, f.code[copied:m.at]...)
		copied = m.at
		switch m.kind {
		case markGrown:
			out = w.noteRefusal(out, f.scratch)
		case markStore:
			out = w.trackStore(out, f, &f.stores[m.arg])
		case markBulk:
			out = w.trackBulk(out, f)
		}
		if w.unbounded {
			continue
		}
		switch m.kind {
		case markSegment:
			if cost := f.segments[m.segment].cost; cost > 0 {
				out = w.charge(out, cost)
			}
		case markCall:
			if w.graph.counted(index, m.arg) {
				out = w.descend(out, w.graph.weight[m.arg])
			}
		case markReturned:
			if w.graph.counted(index, m.arg) {
				out = w.ascend(out, w.graph.weight[m.arg])
			}
		case markBulk:
			out = w.chargeOperand(out, f.scratch, opI64ShrU, bytesShift)
		case markGrow:
			out = w.chargeOperand(out, f.scratch, opI64Shl, pageShift)
		}
	}
	return append(out, f.code[copied:]...)
}

// locals gives functions that need them more locals, to look at operands with:
// three i32, and one of each other type.
func (w *rewriter) locals(out []byte, f *function) []byte {
	for _, m := range f.marks {
		if m.kind == markBulk || m.kind == markGrow || m.kind == markStore {
			out = append(appendU32(out, f.groups+4), f.locals...)
			return append(out, 3, byte(I32), 1, byte(I64), 1, byte(F32), 1, byte(F64))
		}
	}
	return append(appendU32(out, f.groups), f.locals...)
}

// charge takes units from the fuel and traps if that was more than there were.
func (w *rewriter) charge(out []byte, units uint32) []byte {
	out = withIndex(out, opGlobalGet, w.fuel)
	out = appendSigned(append(out, opI64Const), int64(units))
	return w.take(out)
}

// chargeOperand charges by the i32 on top of the stack, unsigned and shifted.
func (w *rewriter) chargeOperand(out []byte, scratch uint32, shift, by byte) []byte {
	out = withIndex(out, opLocalTee, scratch)
	out = withIndex(out, opGlobalGet, w.fuel)
	out = withIndex(out, opLocalGet, scratch)
	out = append(out, opI64ExtendU, opI64Const, by, shift)
	return w.take(out)
}

// take subtracts, with the fuel and the units on the stack, and checks.
func (w *rewriter) take(out []byte) []byte {
	out = withIndex(append(out, opI64Sub), opGlobalSet, w.fuel)
	out = withIndex(out, opGlobalGet, w.fuel)
	return append(out, opI64Const, 0, opI64LtS, opIf, blockTypeEmpty, opUnreachable, opEnd)
}

func (w *rewriter) descend(out []byte, units uint32) []byte {
	out = withIndex(out, opGlobalGet, w.depth)
	out = appendSigned(append(out, opI32Const), int64(units))
	out = withIndex(append(out, opI32Sub), opGlobalSet, w.depth)
	out = withIndex(out, opGlobalGet, w.depth)
	return append(out, opI32Const, 0, opI32LtS, opIf, blockTypeEmpty, opUnreachable, opEnd)
}

func (w *rewriter) ascend(out []byte, units uint32) []byte {
	out = withIndex(out, opGlobalGet, w.depth)
	out = appendSigned(append(out, opI32Const), int64(units))
	return withIndex(append(out, opI32Add), opGlobalSet, w.depth)
}

// noteRefusal looks at what memory.grow gave and remembers a failure.
func (w *rewriter) noteRefusal(out []byte, scratch uint32) []byte {
	out = withIndex(out, opLocalTee, scratch)
	out = appendSigned(append(out, opI32Const), -1)
	out = append(out, opI32Eq, opIf, blockTypeEmpty, opI32Const, 1)
	out = withIndex(out, opGlobalSet, w.refused)
	out = append(out, opEnd)
	return withIndex(out, opLocalGet, scratch)
}
