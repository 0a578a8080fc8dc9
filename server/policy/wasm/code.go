package wasm

import "fmt"

// function is a defined function as the rewriter needs it.
type function struct {
	typ      uint32
	groups   uint32 // how many runs of locals it declares
	locals   []byte // those runs as they are encoded
	scratch  uint32 // index of the first local that it does not have
	code     []byte // instructions with the last end
	segments []segment
	marks    []mark
	stores   []store
	frame    uint32 // its part of the call stack, see frameUnits
}

// readCode reads and validates the bodies of all functions.
func (m *Module) readCode(r *reader) {
	n := r.count(m.limits.Functions, "function bodies")
	if r.err == nil && n != len(m.functions) {
		r.malformed("%d functions are declared and %d have a body", len(m.functions), n)
	}
	v := &validator{module: m}
	for i := 0; i < n && r.err == nil; i++ {
		size := r.u32()
		name := m.functionName(uint32(len(m.imported) + i))
		if r.err == nil && uint64(size) > uint64(m.limits.BodyBytes) {
			r.refuse("%s has %d bytes; policies may have at most %d in one function, so split it", name, size, m.limits.BodyBytes)
		}
		body := r.sub(size, name)
		m.readBody(body, v, &m.functions[i])
		r.err = body.err
	}
	if r.err == nil {
		m.settleCharges(slack)
	}
}

func (m *Module) readBody(r *reader, v *validator, f *function) {
	v.locals = append(v.locals[:0], m.types[f.typ].Params...)
	params := len(v.locals)
	m.readLocals(r, v, f)
	if r.err != nil {
		return
	}
	f.scratch = uint32(len(v.locals))
	f.code = r.data[r.at:]
	v.function(r, f, uint32(len(v.locals)-params))
}

func (m *Module) readLocals(r *reader, v *validator, f *function) {
	f.groups = r.u32()
	start := r.at
	for i := uint32(0); i < f.groups && r.err == nil; i++ {
		n := r.u32()
		t := m.readValueType(r)
		if uint64(len(v.locals))+uint64(n) > uint64(m.limits.LocalsPerFunction) {
			r.refuse("%s has more than %d locals, the most that policies may have: split it", r.what, m.limits.LocalsPerFunction)
			return
		}
		for ; n > 0 && r.err == nil; n-- {
			v.locals = append(v.locals, t)
		}
	}
	f.locals = r.data[start:r.at]
}

// functionName names a function as an author can find it.
func (m *Module) functionName(index uint32) string {
	for _, e := range m.exports {
		if e.Kind == KindFunction && e.Index == index {
			return fmt.Sprintf("function %d (exported as %s)", index, e.Name)
		}
	}
	return fmt.Sprintf("function %d", index)
}
