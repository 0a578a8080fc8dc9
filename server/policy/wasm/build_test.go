package wasm

// A small assembler for the tests.

type build struct {
	types, imports, functions, exports, elements, code, data [][]byte
	globals                                                  [][]byte
	table, memory, count, start                              []byte
	customs                                                  []byte
}

// code joins opcodes (int), unsigned (uint32) and signed (int64) numbers,
// names (string) and other code.
func code(parts ...any) []byte {
	var out []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			out = append(out, byte(p))
		case byte:
			out = append(out, p)
		case ValueType:
			out = append(out, byte(p))
		case uint32:
			out = appendU32(out, p)
		case int64:
			out = appendSigned(out, p)
		case string:
			out = appendBytes(out, []byte(p))
		case []byte:
			out = append(out, p...)
		default:
			panic("no code")
		}
	}
	return out
}

func get(i uint32) []byte { return code(opLocalGet, i) }
func set(i uint32) []byte { return code(opLocalSet, i) }
func num(n int64) []byte  { return code(opI32Const, n) }

func letters(types string) []byte {
	out := appendU32(nil, uint32(len(types)))
	for _, t := range spelled(types) {
		out = append(out, byte(t))
	}
	return out
}

func (b *build) typ(params, results string) uint32 {
	b.types = append(b.types, code(0x60, letters(params), letters(results)))
	return uint32(len(b.types) - 1)
}

func (b *build) imported(module, name string, typ uint32) uint32 {
	b.imports = append(b.imports, code(module, name, 0, typ))
	return uint32(len(b.imports) - 1)
}

// function adds a function with locals, given as letters, and its code without
// the last end.
func (b *build) function(typ uint32, locals string, parts ...any) uint32 {
	var groups []byte
	for _, t := range spelled(locals) {
		groups = append(groups, 1, byte(t))
	}
	return b.body(typ, code(uint32(len(locals)), groups, code(parts...), opEnd))
}

func (b *build) body(typ uint32, body []byte) uint32 {
	b.functions = append(b.functions, code(typ))
	b.code = append(b.code, appendBytes(nil, body))
	return uint32(len(b.imports) + len(b.functions) - 1)
}

func (b *build) export(name string, kind Kind, index uint32) {
	b.exports = append(b.exports, code(name, byte(kind), index))
}

// exported adds an exported function.
func (b *build) exported(name, params, results, locals string, parts ...any) uint32 {
	f := b.function(b.typ(params, results), locals, parts...)
	b.export(name, KindFunction, f)
	return f
}

func (b *build) element(offset int64, functions ...uint32) {
	list := appendU32(nil, uint32(len(functions)))
	for _, f := range functions {
		list = appendU32(list, f)
	}
	b.elements = append(b.elements, code(0, num(offset), opEnd, list))
}

func (b *build) global(t ValueType, mutable int, init []byte) uint32 {
	b.globals = append(b.globals, code(t, mutable, init, opEnd))
	return uint32(len(b.globals) - 1)
}

func (b *build) custom(name string, data []byte) {
	b.customs = append(b.customs, section(sectionCustom, code(name, data))...)
}

func section(id sectionID, payload []byte) []byte {
	return appendBytes([]byte{byte(id)}, payload)
}

func (b *build) bytes() []byte {
	out := []byte(header)
	list := func(id sectionID, items [][]byte) {
		if len(items) == 0 {
			return
		}
		payload := appendU32(nil, uint32(len(items)))
		for _, item := range items {
			payload = append(payload, item...)
		}
		out = append(out, section(id, payload)...)
	}
	raw := func(id sectionID, payload []byte) {
		if payload != nil {
			out = append(out, section(id, payload)...)
		}
	}
	list(sectionType, b.types)
	list(sectionImport, b.imports)
	list(sectionFunction, b.functions)
	raw(sectionTable, b.table)
	raw(sectionMemory, b.memory)
	list(sectionGlobal, b.globals)
	list(sectionExport, b.exports)
	raw(sectionStart, b.start)
	list(sectionElement, b.elements)
	raw(sectionDataCount, b.count)
	list(sectionCode, b.code)
	list(sectionData, b.data)
	return append(out, b.customs...)
}
