package wasm

// What a call wrote has to be undone after it. Copying all of memory back costs
// more than most rules do, so every store notes its address in two globals, the
// lowest and the highest. Policies write close together: to the stack's end, to
// what lies next to it, and to the heap that follows.

// WrittenMargin is how far from the noted addresses, in bytes, memory may have
// changed as well: an address is where a write begins, and stores near one that
// is noted are not.
const WrittenMargin = nearby + 8

// nearby is how far apart two stores may be for one to stand for the other.
const nearby = 128

// store is a store instruction.
type store struct {
	value   ValueType
	offset  uint32
	local   uint32 // that holds the address, plus one; 0 for none
	sets    uint32 // how often that local had been set before
	covered bool   // another store, through which each way to this one leads, notes an address nearby
}

// store notes a store for the rewriter. One that goes by the same local as an
// earlier one, which is passed on every way here, needs no tracking of its own
// if that local holds the same address: settleStores knows in the end.
func (v *validator) store(value ValueType, address operand, offset uint32) {
	if f := v.top(); f.dead || f.unreachable {
		return
	}
	s := store{value: value, offset: offset, local: address.local}
	index := len(v.f.stores)
	if s.local > 0 {
		s.sets = v.sets[s.local-1]
		for _, i := range v.tracks[max(0, len(v.tracks)-lookback):] {
			s.covered = s.covered || s.near(&v.f.stores[i])
		}
		if !s.covered {
			v.tracks = append(v.tracks, index)
		}
	}
	v.f.stores = append(v.f.stores, s)
	v.mark(v.at, markStore, uint32(index))
}

func (s *store) near(o *store) bool {
	return s.local == o.local && s.sets == o.sets && s.offset <= o.offset+nearby && o.offset <= s.offset+nearby
}

// lookback bounds how many earlier stores are compared with one.
const lookback = 16

// settleStores takes back what was assumed of locals that are set again further
// down: a loop could come back with another address. A local that is not set any
// more holds at the second store what it held at the first: whatever set it last
// stands above both, and no way leads from there past the first to the second.
func (f *function) settleStores(sets []uint32) {
	for i := range f.stores {
		s := &f.stores[i]
		s.covered = s.covered && s.sets == sets[s.local-1]
	}
}

// trackStore inserts before a store, whose address and value are on the stack.
func (w *rewriter) trackStore(out []byte, f *function, s *store) []byte {
	if s.covered {
		return out
	}
	address, value := f.scratch, f.scratch+scratchOf[s.value]
	out = withIndex(out, opLocalSet, value)
	out = withIndex(out, opLocalTee, address)
	out = withIndex(out, opLocalGet, value)
	if s.offset > 0 {
		out = withIndex(out, opLocalGet, address)
		out = append(appendSigned(append(out, opI32Const), int64(int32(s.offset))), opI32Add)
		out = withIndex(out, opLocalSet, address)
	}
	out = w.note(out, opI32LtU, w.from, address)
	return w.note(out, opI32GtU, w.to, address)
}

// scratchOf tells which of the added locals takes a value of a type.
var scratchOf = map[ValueType]uint32{I32: 1, I64: 3, F32: 4, F64: 5}

// trackBulk inserts before memory.copy, fill and init, whose target and size
// are the first and the last of three operands.
func (w *rewriter) trackBulk(out []byte, f *function) []byte {
	target, source, size := f.scratch, f.scratch+1, f.scratch+2
	out = withIndex(out, opLocalSet, size)
	out = withIndex(out, opLocalSet, source)
	out = withIndex(out, opLocalTee, target)
	out = withIndex(out, opLocalGet, source)
	out = withIndex(out, opLocalGet, size)
	out = w.note(out, opI32LtU, w.from, target)
	out = withIndex(out, opLocalGet, target)
	out = append(withIndex(out, opLocalGet, size), opI32Add)
	out = withIndex(out, opLocalSet, target)
	return w.note(out, opI32GtU, w.to, target)
}

// note sets a global to a local that compares so with it.
func (w *rewriter) note(out []byte, compare byte, global, local uint32) []byte {
	out = withIndex(out, opLocalGet, local)
	out = append(withIndex(out, opGlobalGet, global), compare, opIf, blockTypeEmpty)
	out = withIndex(out, opLocalGet, local)
	return append(withIndex(out, opGlobalSet, global), opEnd)
}
