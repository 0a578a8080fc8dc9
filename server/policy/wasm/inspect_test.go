package wasm

import (
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestInspectDescribes(t *testing.T) {
	b := &build{memory: code(1, 1, 2, 9)}
	b.imported("hapta_v1", "size", b.typ("i", "i"))
	b.exported("hapta_init", "", "", "", opNop)
	b.export("memory", KindMemory, 0)
	b.global(I64, 1, code(opI64Const, int64(3)))
	b.global(F32, 0, code(opF32Const, 0, 0, 0, 0))
	b.custom("hapta_manifest", []byte("{}"))
	b.custom("hapta_manifest", []byte("{1}"))
	m := inspect(t, b.bytes())
	if i := m.Imports(); len(i) != 1 || i[0].Module != "hapta_v1" || i[0].Name != "size" || i[0].Type.String() != "(i32) -> i32" {
		t.Errorf("imports %+v", i)
	}
	e := m.Exports()
	if len(e) != 2 || e[0].Name != "hapta_init" || e[0].Kind != KindFunction || e[0].Type.String() != "()" || e[1].Kind != KindMemory {
		t.Errorf("exports %+v", e)
	}
	if !slices.Equal(m.globals, []global{{0, I64, true}, {1, F32, false}}) {
		t.Errorf("globals %+v", m.globals)
	}
	if mem, ok := m.Memory(); !ok || mem != (Memory{Min: 2, Max: 9, HasMax: true}) {
		t.Errorf("memory %+v", mem)
	}
	if data, n := m.Custom("hapta_manifest"); n != 2 || string(data) != "{}" {
		t.Errorf("custom section %q, %d of them", data, n)
	}
	out, _, err := m.Instrument(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out), "hapta_manifest") {
		t.Error("a custom section survived")
	}
}

// Each refusal must come with its own reason.
func TestInspectRefuses(t *testing.T) {
	f := func(name string, make func(b *build), reason string) {
		t.Helper()
		b := &build{}
		make(b)
		_, err := Inspect(b.bytes(), DefaultLimits())
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: got %v, want %q", name, err, reason)
		}
	}
	body := func(parts ...any) func(*build) {
		return func(b *build) {
			b.table, b.memory = code(1, 0x70, 0, 1), code(1, 0, 1)
			b.exported("f", "", "", "i", parts...)
		}
	}
	three := code(num(0), num(0), num(0))

	f("table.grow", body(0xd0, 0x70, num(1), 0xfc, 15, 0), "function 0 (exported as f) uses ref.null, which policies may not use")
	f("table.grow", body(0xfc, 15, 0), "uses table.grow")
	f("table.set", body(num(0), 0x26, 0), "uses table.set")
	f("table.get", body(num(0), 0x25, 0), "uses table.get")
	f("table.fill", body(0xfc, 17, 0), "uses table.fill")
	f("table.copy", body(three, 0xfc, 14, 0, 0), "uses table.copy")
	f("table.init", body(three, 0xfc, 12, 0, 0), "uses table.init")
	f("data.drop", body(0xfc, 9, 0), "uses data.drop")
	f("elem.drop", body(0xfc, 13, 0), "uses elem.drop")
	f("a tail call", body(0x12, 0), "uses return_call")
	f("exceptions", body(0x06, 0x40), "build without the exception-handling feature")
	f("vectors", body(0xfd, 12), "uses SIMD")
	f("threads", body(0xfe, 0, 2, 0), "uses atomic operations")
	f("a dropped instruction in code that never runs", body(opUnreachable, 0xfc, 15, 0), "uses table.grow")
	f("a second memory", body(opMemorySize, 1, opDrop), "uses a second memory")
	f("an unknown instruction", body(0xff), "no instruction 0xff")
	f("an unknown long instruction", body(0xfc, 99), "no instruction 0xfc 99")

	f("a global past the end", body(num(1), opGlobalSet, 0), "there is no global 0")
	f("a constant global", func(b *build) {
		b.global(I32, 0, num(1))
		b.exported("f", "", "", "", num(1), opGlobalSet, 0)
	}, "global 0 is constant")
	f("a local past the end", body(get(1), opDrop), "there is no local 1")
	f("a function past the end", body(opCall, 1), "there is no function 1")
	f("a type past the end", body(num(0), opCallIndirect, 7, 0), "there is no type 7")
	f("a branch past the end", body(opBr, 1), "there is no block 1 levels out")
	f("wrong operand", body(opI64Const, 0, opLocalSet, 0), "an operand is i64 where i32 is needed")
	f("missing operand", body(opDrop), "an operand is missing")
	f("operand of the outer block", body(num(1), opBlock, 0x40, opDrop, opEnd, opDrop), "an operand is missing")
	f("left over", body(num(1)), "1 values are left over")
	f("no result", func(b *build) { b.exported("f", "", "i", "", opNop) }, "an operand is missing")
	f("if without else", body(num(1), opIf, I32, num(1), opEnd, opDrop), "an if without else")
	f("else without if", body(opBlock, 0x40, opElse, opEnd), "an else has no if")
	f("alignment", body(num(0), 0x28, 3, 0, opDrop), "aligned to more than its size")
	f("code after the end", body(opEnd, opNop), "code follows the end")
	f("select of two types", body(num(0), opI64Const, 0, num(0), opSelect, opDrop), "an operand is i64 where i32")
	f("memory.init of nothing", body(three, 0xfc, 8, 0, 0), "there is no data segment 0")
	f("memory.fill without memory", func(b *build) { b.exported("f", "", "", "", three, 0xfc, 11, 0) }, "there is no memory")
	f("a table of different branches", body(opBlock, I32, num(0), num(0), opBrTable, 1, 0, 1, opEnd, opDrop), "blocks of different types")

	f("start", func(b *build) { b.exported("f", "", "", "", opNop); b.start = code(0) }, "export it as hapta_init instead")
	f("imported memory", func(b *build) { b.imports = append(b.imports, code("env", "memory", 2, 0, 1)) }, `imports "env"."memory", which is a memory`)
	f("imported global", func(b *build) { b.imports = append(b.imports, code("env", "g", 3, 0x7f, 1)) }, "which is a global")
	f("imported table", func(b *build) { b.imports = append(b.imports, code("env", "t", 1, 0x70, 0, 1)) }, "which is a table")
	f("two tables", func(b *build) { b.table = code(2, 0x70, 0, 1, 0x70, 0, 1) }, "2 tables; policies may have at most 1")
	f("two memories", func(b *build) { b.memory = code(2, 0, 1, 0, 1) }, "2 memories; policies may have at most 1")
	f("a table of anything", func(b *build) { b.table = code(1, 0x6f, 0, 1) }, "a table of externref")
	f("shared memory", func(b *build) { b.memory = code(1, 3, 1, 1) }, "shared between threads")
	f("memory64", func(b *build) { b.memory = code(1, 4, 1) }, "64-bit addresses")
	f("maximum below minimum", func(b *build) { b.memory = code(1, 1, 3, 2) }, "maximum is below its minimum")
	f("global of references", func(b *build) { b.global(0x70, 1, code(0xd0, 0x70)) }, "references as values (funcref)")
	f("global of vectors", func(b *build) { b.global(0x7b, 1, num(0)) }, "SIMD")
	f("initial value of another type", func(b *build) { b.global(I64, 1, num(0)) }, "one constant of type i64")
	f("computed initial value", func(b *build) { b.global(I32, 1, code(num(0), num(0), opI32Add)) }, "one constant of type i32")
	f("same name twice", func(b *build) {
		b.exported("f", "", "", "", opNop)
		b.export("f", KindFunction, 0)
	}, `two exports are named "f"`)
	f("reserved name", func(b *build) { b.exported("hapta.fuel", "", "", "", opNop) }, `names that begin with "hapta." are reserved`)
	f("export of nothing", func(b *build) { b.export("m", KindMemory, 0) }, "memory 0, which does not exist")
	f("passive elements", func(b *build) {
		b.table = code(1, 0x70, 0, 1)
		b.elements = append(b.elements, code(1, 0, 0))
	}, "not a plain list of functions")
	f("elements past the table", func(b *build) {
		b.table = code(1, 0x70, 0, 1)
		b.exported("f", "", "", "", opNop)
		b.element(1, 0)
	}, "past the table's 1 elements")
	f("data past the memory", func(b *build) {
		b.memory = code(1, 0, 1)
		b.data = append(b.data, code(0, num(65535), opEnd, "ab"))
	}, "past the memory's 1 pages")
	f("data before the memory", func(b *build) {
		b.memory = code(1, 0, 1)
		b.data = append(b.data, code(0, num(-1), opEnd, "ab"))
	}, "past the memory's 1 pages")
	f("fewer data than announced", func(b *build) { b.memory, b.count = code(1, 0, 1), code(1) }, "1 data segments are announced and 0")
	f("tags", func(b *build) { b.customs = section(sectionTag, code(1, 0, 0)) }, "exception tags")
}

// Damaged modules, byte by byte.
func TestInspectRefusesDamage(t *testing.T) {
	f := func(name, module, reason string) {
		t.Helper()
		_, err := Inspect([]byte(module), DefaultLimits())
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: got %v, want %q", name, err, reason)
		}
	}
	f("nothing", "", "does not begin with \\0asm")
	f("text", "(module)", "does not begin with \\0asm")
	f("a component", "\x00asm\x0d\x00\x01\x00", "components have to be built as core modules")
	f("section past the end", header+"\x01\x05\x00", "ends too early")
	f("section longer than its content", header+"\x01\x02\x00\x00", "1 bytes are left over")
	f("section shorter than its content", header+"\x01\x02\x01\x60\x00\x00", "ends too early")
	f("repeated section", header+"\x01\x01\x00\x01\x01\x00", "repeated or out of order")
	f("sections out of order", header+"\x03\x01\x00\x01\x01\x00", "out of order")
	f("unknown section", header+"\x0e\x00", "unknown")
	f("number too long", header+"\x01\x80\x80\x80\x80\x80\x00", "does not fit in 32 bits")
	f("number too large", header+"\x01\xff\xff\xff\xff\x1f", "does not fit in 32 bits")
	f("name of bad text", header+"\x00\x02\x01\xff", "not valid UTF-8")
	f("functions without code", header+"\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00", "1 functions are declared and none has a body")
	f("code without functions", header+"\x0a\x04\x01\x02\x00\x0b", "0 functions are declared and 1 have a body")
	f("no function type", header+"\x01\x02\x01\x5f", "type 0 is no function type")
	f("many announced types", header+"\x01\x05\xff\xff\xff\xff\x0f", "4294967295 function types; policies may have at most 1024")
	f("long signed number", header+"\x06\x09\x01\x7f\x00\x41\xff\xff\xff\xff\x1f\x0b", "does not fit in 32 bits")
}

// Numbers that a module only announces must be refused before anything of
// that size is made.
func TestCapsRefuseAtOnce(t *testing.T) {
	f := func(name string, make func(b *build), reason string) {
		t.Helper()
		b := &build{}
		make(b)
		module := b.bytes()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Inspect(module, DefaultLimits())
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: got %v, want %q", name, err, reason)
		}
		if took, most := after.TotalAlloc-before.TotalAlloc, uint64(100*len(module)+100_000); took > most {
			t.Errorf("%s: %d bytes took %d of memory, want at most %d", name, len(module), took, most)
		}
	}
	many := func(n int, parts ...any) []byte { return slices.Repeat(code(parts...), n) }
	f("50 million locals", func(b *build) {
		b.functions, b.types = [][]byte{{0}}, [][]byte{{0x60, 0, 0}}
		b.code = append(b.code, appendBytes(nil, code(1, uint32(50_000_000), 0x7f, opEnd)))
	}, "more than 1000 locals")
	f("locals that overflow", func(b *build) {
		b.functions, b.types = [][]byte{{0}}, [][]byte{{0x60, 0, 0}}
		b.code = append(b.code, appendBytes(nil, code(2, uint32(1<<32-1), 0x7f, uint32(1<<32-1), 0x7f, opEnd)))
	}, "more than 1000 locals")
	f("a huge table", func(b *build) { b.table = code(1, 0x70, 0, uint32(1<<27)) }, "134217728 elements; policies may have at most 4096")
	f("a huge memory", func(b *build) { b.memory = code(1, 0, uint32(65536)) }, "65536 pages of 64 KiB; policies may have at most 256")
	f("an impossible memory", func(b *build) { b.memory = code(1, 0, uint32(65537)) }, "at most 65536 pages")
	f("nesting", func(b *build) {
		b.exported("f", "", "", "", many(1000, opBlock, 0x40), many(1000, opEnd))
	}, "nests blocks deeper than 512")
	f("waiting values", func(b *build) {
		b.exported("f", "", "", "", many(2000, num(1)), many(2000, opDrop))
	}, "keeps more than 1024 values waiting")
	f("a giant function", func(b *build) { b.exported("f", "", "", "", many(200_000, opNop)) }, "at most 131072 in one function")
	f("a giant module", func(b *build) { b.custom("x", make([]byte, 1<<20)) }, "policies may have at most 1048576")
	f("functions", func(b *build) {
		b.typ("", "")
		for range 5000 {
			b.function(0, "")
		}
	}, "5000 functions; policies may have at most 4096")
	f("custom sections", func(b *build) {
		for range 65 {
			b.custom("x", nil)
		}
	}, "more than 64 custom sections")
	f("parameters", func(b *build) { b.typ(strings.Repeat("i", 65), "") }, "65 parameters in one function type")
	f("results", func(b *build) { b.typ("", strings.Repeat("i", 17)) }, "17 results in one function type")
	f("globals", func(b *build) {
		for range 257 {
			b.global(I32, 1, num(0))
		}
	}, "257 globals; policies may have at most 256")
	f("a count that is cut short", func(b *build) {
		b.customs = section(sectionType, []byte{0x8d, 0xc0, 0xb4, 0xb5})
	}, "ends too early")
	f("a table of branches", func(b *build) {
		b.exported("f", "", "", "", num(0), opBrTable, uint32(1<<31), 0)
	}, "a table of 2147483648 branches does not fit")
}

// Every module cut short anywhere is refused, and no byte changed in it may
// make Inspect panic.
func TestCutAndChangedModules(t *testing.T) {
	b, _ := endless()["loop over a table of branches"]()
	b.memory, b.table = code(1, 0, 1), code(1, 0x70, 0, 1)
	b.element(0, 0)
	b.data = append(b.data, code(0, num(0), opEnd, "text"))
	module := b.bytes()
	inspect(t, module)
	for n := range module {
		if _, err := Inspect(module[:n], DefaultLimits()); err == nil && !slices.Contains(boundaries(module), n) {
			t.Errorf("cut at %d: accepted", n)
		}
		for change := range 256 {
			changed := slices.Clone(module)
			changed[n] ^= byte(change)
			if m, err := Inspect(changed, DefaultLimits()); err == nil {
				if _, _, err := m.Instrument(Options{}); err != nil {
					t.Errorf("byte %d changed by %d: %v", n, change, err)
				}
			}
		}
	}
}

// boundaries are the ends of sections after which a module may end.
func boundaries(module []byte) []int {
	ends := []int{len(header)}
	r := &reader{data: module, at: len(header)}
	for !r.done() {
		r.byte()
		r.take(r.u32())
		ends = append(ends, r.at)
	}
	return ends
}
