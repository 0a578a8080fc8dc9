package wasm

// The sections that come before the code and declare what it may refer to.

func (m *Module) readTypes(r *reader) {
	n := r.count(m.limits.Types, "function types")
	first := make(map[string]uint32, n)
	m.types = make([]FuncType, 0, n)
	for len(m.types) < n && r.err == nil {
		if form := r.byte(); form != 0x60 {
			r.malformed("type %d is no function type", len(m.types))
		}
		f := FuncType{
			Params:  m.readValueTypes(r, m.limits.Parameters, "parameters in one function type"),
			Results: m.readValueTypes(r, m.limits.Results, "results in one function type"),
		}
		key := f.String()
		if _, known := first[key]; !known {
			first[key] = uint32(len(m.types))
		}
		m.canonical = append(m.canonical, first[key])
		m.types = append(m.types, f)
	}
}

func (m *Module) readValueTypes(r *reader, limit int, things string) []ValueType {
	types := make([]ValueType, r.count(limit, things))
	for i := range types {
		types[i] = m.readValueType(r)
	}
	return types
}

func (m *Module) readValueType(r *reader) ValueType {
	t := ValueType(r.byte())
	switch {
	case r.err != nil || t.number():
	case t == 0x7b:
		r.refuse("the module uses SIMD vectors (v128), which policies may not use: build it without the simd128 feature")
	case t >= 0x60 && t <= 0x74:
		r.refuse("the module uses references as values (%s), which policies may not use: build it without the reference-types and gc features", t)
	default:
		r.malformed("0x%02x is no value type", byte(t))
	}
	return t
}

func (m *Module) readImports(r *reader) {
	n := r.count(m.limits.Imports, "imports")
	for len(m.imports) < n && r.err == nil {
		module, name, kind := r.name(), r.name(), Kind(r.byte())
		if kind != KindFunction {
			r.refuse("the module imports %q.%q, which is a %s; policies may import functions only (AssemblyScript: build without --importMemory and --importTable)", module, name, kind)
			return
		}
		index := m.readTypeIndex(r)
		if r.err != nil {
			return
		}
		m.imported = append(m.imported, index)
		m.imports = append(m.imports, Import{Module: module, Name: name, Type: m.types[index]})
	}
}

func (m *Module) readTypeIndex(r *reader) uint32 {
	index := r.u32()
	if uint64(index) >= uint64(len(m.types)) {
		r.malformed("there is no type %d", index)
	}
	return index
}

func (m *Module) readFunctions(r *reader) {
	m.functions = make([]function, r.count(m.limits.Functions, "functions"))
	for i := range m.functions {
		m.functions[i].typ = m.readTypeIndex(r)
	}
}

func (m *Module) readTable(r *reader) {
	if r.count(1, "tables") == 0 {
		return
	}
	t := r.byte()
	if t != 0x70 {
		r.refuse("the module has a table of %s; policies may only have one of functions (funcref)", ValueType(t))
	}
	least, most, bounded := m.readLimits(r, "table")
	if uint64(least) > uint64(m.limits.TableElements) {
		r.refuse("the module's table has %d elements; policies may have at most %d", least, m.limits.TableElements)
	}
	m.table = &table{min: least, max: most, hasMax: bounded}
}

// The largest memory that WebAssembly can address, in pages.
const addressablePages = 1 << 16

func (m *Module) readMemory(r *reader) {
	if r.count(1, "memories") == 0 {
		return
	}
	least, most, bounded := m.readLimits(r, "memory")
	if least > addressablePages || most > addressablePages {
		r.malformed("a memory has at most %d pages", addressablePages)
	}
	if uint64(least) > uint64(m.limits.MemoryPages) {
		r.refuse("the module's memory begins with %d pages of 64 KiB; policies may have at most %d (Rust: link with a smaller stack, -zstack-size=16384)", least, m.limits.MemoryPages)
	}
	m.memory = &Memory{Min: least, Max: most, HasMax: bounded}
}

func (m *Module) readLimits(r *reader, thing string) (least, most uint32, bounded bool) {
	switch flags := r.byte(); {
	case r.err != nil:
		return 0, 0, false
	case flags == 2 || flags == 3:
		r.refuse("the module's %s is shared between threads, which policies may not use: build it without the threads feature", thing)
	case flags >= 4 && flags <= 7:
		r.refuse("the module's %s has 64-bit addresses, which policies may not use: build it for wasm32", thing)
	case flags > 7:
		r.malformed("the %s has unknown flags 0x%02x", thing, flags)
	default:
		bounded = flags == 1
	}
	least = r.u32()
	if bounded {
		if most = r.u32(); most < least {
			r.malformed("the %s's maximum is below its minimum", thing)
		}
	}
	return least, most, bounded
}

func (m *Module) readGlobals(r *reader) {
	n := r.count(m.limits.Globals, "globals")
	for i := 0; i < n && r.err == nil; i++ {
		t := m.readValueType(r)
		mutable := r.byte()
		if mutable > 1 {
			r.malformed("global %d is neither constant nor variable", i)
		}
		m.readConstant(r, t)
		m.globals = append(m.globals, global{Index: uint32(i), Type: t, Mutable: mutable == 1})
	}
}

// readConstant reads an initial value, which must be one constant: all that a
// module without imported globals can have in WebAssembly 2.0. It returns the
// value of an i32.
func (m *Module) readConstant(r *reader, t ValueType) uint32 {
	var value uint32
	switch op := r.byte(); {
	case op == opI32Const && t == I32:
		value = uint32(r.signed(32))
	case op == opI64Const && t == I64:
		r.signed(64)
	case op == opF32Const && t == F32:
		r.take(4)
	case op == opF64Const && t == F64:
		r.take(8)
	default:
		r.malformed("an initial value must be one constant of type %s", t)
	}
	if r.byte() != opEnd {
		r.malformed("an initial value must be one constant of type %s", t)
	}
	return value
}

// ReservedPrefix begins the names of everything that Instrument exports.
// Inspect refuses modules that have such names themselves.
const ReservedPrefix = "hapta."

func (m *Module) readExports(r *reader) {
	n := r.count(m.limits.Exports, "exports")
	names := make(map[string]bool, n)
	for len(m.exports) < n && r.err == nil {
		e := Export{Name: r.name(), Kind: Kind(r.byte()), Index: r.u32()}
		if names[e.Name] {
			r.malformed("two exports are named %q", e.Name)
		}
		if len(e.Name) >= len(ReservedPrefix) && e.Name[:len(ReservedPrefix)] == ReservedPrefix {
			r.refuse("the module exports %q; names that begin with %q are reserved, so rename it", e.Name, ReservedPrefix)
		}
		if !m.exists(e.Kind, e.Index) {
			r.malformed("export %q refers to %s %d, which does not exist", e.Name, e.Kind, e.Index)
		}
		if r.err == nil && e.Kind == KindFunction {
			e.Type = m.functionType(e.Index)
		}
		names[e.Name] = true
		m.exports = append(m.exports, e)
	}
}

func (m *Module) exists(kind Kind, index uint32) bool {
	switch kind {
	case KindFunction:
		return index < m.functionCount()
	case KindTable:
		return index == 0 && m.table != nil
	case KindMemory:
		return index == 0 && m.memory != nil
	case KindGlobal:
		return uint64(index) < uint64(len(m.globals))
	}
	return false
}
