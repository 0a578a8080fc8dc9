package wasm

// The sections that fill the table and the memory.

// readElements takes active segments of plain function indices only. Passive
// and declared ones serve table.init and ref.func, which are refused.
func (m *Module) readElements(r *reader) {
	n := r.count(m.limits.ElementSegments, "element segments")
	for i := 0; i < n && r.err == nil; i++ {
		flags := r.u32()
		if flags != 0 && flags != 2 {
			r.refuse("element segment %d is not a plain list of functions for the table; build the module without the reference-types feature", i)
		}
		if flags == 2 {
			if index := r.u32(); index != 0 {
				r.malformed("there is no table %d", index)
			}
		}
		if m.table == nil {
			r.malformed("element segment %d has no table to go to", i)
		}
		offset := m.readConstant(r, I32)
		if flags == 2 && r.byte() != 0 {
			r.malformed("element segment %d holds no functions", i)
		}
		count := r.count(m.limits.TableElements, "table elements")
		if len(m.elements)+count > m.limits.TableElements {
			r.refuse("the module's element segments hold more than %d functions, the most that policies may have", m.limits.TableElements)
		}
		if r.err == nil && uint64(offset)+uint64(count) > uint64(m.table.min) {
			r.refuse("element segment %d ends at %d, past the table's %d elements", i, uint64(offset)+uint64(count), m.table.min)
		}
		for j := 0; j < count && r.err == nil; j++ {
			index := r.u32()
			if index >= m.functionCount() {
				r.malformed("there is no function %d", index)
			}
			m.elements = append(m.elements, index)
		}
	}
}

func (m *Module) readDataCount(r *reader) {
	m.dataCount = int(r.u32())
	if m.dataCount > m.limits.DataSegments {
		r.refuse("the module has %d data segments; policies may have at most %d", m.dataCount, m.limits.DataSegments)
	}
}

// readData allows passive segments: without data.drop nothing can change them,
// so memory.init finds the same bytes in every call.
func (m *Module) readData(r *reader) {
	m.dataSeen = r.count(m.limits.DataSegments, "data segments")
	for i := 0; i < m.dataSeen && r.err == nil; i++ {
		flags := r.u32()
		if flags > 2 {
			r.malformed("data segment %d has unknown flags %d", i, flags)
		}
		if flags == 2 {
			if index := r.u32(); index != 0 {
				r.malformed("there is no memory %d", index)
			}
		}
		var offset uint32
		if flags != 1 {
			if m.memory == nil {
				r.malformed("data segment %d has no memory to go to", i)
			}
			offset = m.readConstant(r, I32)
		}
		size := r.u32()
		r.take(size)
		if end := uint64(offset) + uint64(size); flags != 1 && r.err == nil && end > uint64(m.memory.Min)<<16 {
			r.refuse("data segment %d ends at byte %d, past the memory's %d pages", i, end, m.memory.Min)
		}
	}
}
