package policy

import (
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
)

// allowing is the policy that those are made of which are wrong in one thing.
func allowing() *program { return recording(func(p *program) ops { return p.allow() }) }

// with is that policy with other sections.
func with(sections map[byte][]byte) []byte {
	p := allowing()
	p.sections = sections
	return p.build()
}

// most is the largest number that a module can announce.
const most = 1<<32 - 1

// refusedShapes are modules that announce, declare or nest more than there is,
// or that are no modules.
func refusedShapes() []hostile {
	section := func(file, tries, want string, id byte, payload []byte) hostile {
		return refused(file, tries, want, with(map[byte][]byte{id: payload}))
	}
	declaring := func(file, tries string, groups ...[]byte) hostile {
		p := allowing()
		p.locals = vec(groups...)
		return refused(file, tries, "has more than 1000 locals, the most that policies may have", p.build())
	}
	body := func(file, tries, want string, code ops) hostile {
		return refused(file, tries, want, recording(func(p *program) ops { return seq(code, p.allow()) }).build())
	}
	group := func(n int, typ byte) []byte { return append(uleb(n), typ) }
	whole := allowing().build()
	return []hostile{
		refused("empty", "being no module at all", "this is not a WebAssembly module", nil),
		refused("text", "being a text", "this is not a WebAssembly module", []byte("export default {}")),
		refused("component", "being a component", "components have to be built as core modules", []byte("\x00asm\x0d\x00\x01\x00")),
		refused("cut_short", "ending in the middle", "ends too early", whole[:len(whole)/2]),
		refused("section_length", "a section longer than the module", "ends too early", append([]byte(header), append([]byte{1}, uleb(most)...)...)),
		refused("section_unknown", "a section that there is not", "the section is unknown, repeated or out of order", append(slices.Clone(whole), 42, 0)),
		refused("section_twice", "a second code section", "the section is unknown, repeated or out of order (id 10)", append(slices.Clone(whole), rawSection(10, vec())...)),
		section("number_endless", "a number of more bytes than it may have", "a number does not fit in 32 bits", 3, []byte(strings.Repeat("\x80", 60_000)+"\x00")),

		declaring("locals_millions", "50 million locals", group(50_000_000, 0x7f)),
		declaring("locals_many_groups", "three times 4 billion locals", group(most, 0x7f), group(most, 0x7e), group(most, 0x7c)),
		section("types_announced", "4 billion function types", "4294967295 function types; policies may have at most 1024", 1, uleb(most)),
		section("imports_announced", "4 billion imports", "4294967295 imports; policies may have at most 256", 2, uleb(most)),
		section("functions_announced", "4 billion functions", "4294967295 functions; policies may have at most 4096", 3, uleb(most)),
		section("exports_announced", "4 billion exports", "4294967295 exports; policies may have at most 256", 7, uleb(most)),
		section("globals_announced", "4 billion globals", "4294967295 globals; policies may have at most 256", 6, uleb(most)),
		section("globals_many", "257 globals", "257 globals; policies may have at most 256", 6, vec(slices.Repeat([][]byte{{0x7e, 1, 0x42, 0, 0x0b}}, 257)...)),
		section("data_announced", "4 billion data segments", "4294967295 data segments; policies may have at most 2048", 12, uleb(most)),
		section("data_giant", "a data segment of 4 GiB, of which three bytes are there", "ends too early", 11,
			vec(slices.Concat([]byte{0}, i32(0), end(), uleb(most), []byte("abc")))),
		section("data_outside", "a data segment past memory", "data segment 0 ends at byte 65540, past the memory's 1 pages", 11,
			vec(slices.Concat([]byte{0}, i32(65532), end(), text("eight by")))),
		section("data_before", "a data segment before memory", "data segment 0 ends at byte 4294967303, past the memory's 1 pages", 11,
			vec(slices.Concat([]byte{0}, i32(-1), end(), text("eight by")))),
		section("table_huge", "a table of 134 million elements", "134217728 elements; policies may have at most 4096", 4, vec(append([]byte{0x70, 0}, uleb(1<<27)...))),
		section("table_two", "two tables", "2 tables; policies may have at most 1", 4, vec([]byte{0x70, 0, 1}, []byte{0x70, 0, 1})),
		section("table_of_references", "a table of the host's own things", "a table of externref", 4, vec([]byte{0x6f, 0, 1})),
		section("elements_outside", "an element past the table", "past the table's 1 elements", 9, vec(slices.Concat([]byte{0}, i32(1), end(), vec(uleb(0))))),
		section("elements_passive", "elements that table.init could take", "not a plain list of functions", 9, vec([]byte{1, 0, 0})),
		section("memory_huge", "4 GiB of memory to begin with", "begins with 65536 pages of 64 KiB; policies may have at most 16", 5, vec(append([]byte{0}, uleb(65536)...))),
		section("memory_impossible", "more memory than WebAssembly has addresses for", "a memory has at most 65536 pages", 5, vec(append([]byte{0}, uleb(most)...))),
		section("memory_two", "two memories", "2 memories; policies may have at most 1", 5, vec([]byte{0, 1}, []byte{0, 1})),
		section("memory_shared", "memory shared between threads", "is shared between threads", 5, vec([]byte{3, 1, 1})),
		section("memory_64", "64-bit memory", "has 64-bit addresses", 5, vec([]byte{4, 1})),
		harmless("memory_maximum", "a memory that may grow to 4 GiB", func() *program {
			p := recording(func(p *program) ops { return seq(grow(16), i32(-1), op(0x47), when(unreachable()), p.allow()) })
			p.memory = [2]uint32{1, 65536}
			return p
		}()),
		body("nesting", "blocks 10,000 deep", "nests blocks deeper than 512", seq(slices.Repeat(op(0x02, 0x40), 10_000), slices.Repeat(end(), 10_000))),
		body("operands", "10,000 values that wait at once", "keeps more than 1024 values waiting", seq(slices.Repeat(i32(1), 10_000), slices.Repeat(drop(), 10_000))),
		body("branches_announced", "a table of a million branches that are not there", "a table of 1000000 branches does not fit in the function", seq(i32(0), op(0x0e), uleb(1_000_000))),
		body("branch_outside", "a branch out of the function", "there is no block 4294967295 levels out", seq(op(0x0c), uleb(most))),
		harmless("branches", "a table of 3,000 branches, which takes the compiler long for its size", recording(func(p *program) ops {
			return seq(op(0x02, 0x40), i32(2999), op(0x0e), uleb(3000), slices.Repeat(op(0), 3001), end(), p.allow())
		})),
		refused("custom_sections", "a thousand custom sections", "the module has more than 64 custom sections", func() []byte {
			p := allowing()
			p.rest = slices.Repeat(rawSection(0, text("x")), 1000)
			return p.build()
		}()),
	}
}

// refusedInstructions are modules with code that policies may not have.
func refusedInstructions() []hostile {
	uses := func(file, tries, want string, code ops) hostile {
		return refused(file, tries, want, recording(func(p *program) ops { return seq(code, p.allow()) }).build())
	}
	three := seq(i32(0), i32(0), i32(0))
	return []hostile{
		uses("table_grow", "growing the table without end", "uses table.grow", forever(op(0xfc, 15, 0))),
		uses("table_set", "remembering a call in the table", "uses table.set", seq(i32(0), op(0x26, 0))),
		uses("table_get", "taking a function out of the table", "uses table.get", seq(i32(0), op(0x25, 0, 0x1a))),
		uses("table_fill", "filling the table", "uses table.fill", op(0xfc, 17, 0)),
		uses("table_copy", "copying the table over itself", "uses table.copy", seq(three, op(0xfc, 14, 0, 0))),
		uses("table_init", "filling the table from a segment", "uses table.init", seq(three, op(0xfc, 12, 0, 0))),
		uses("data_drop", "remembering a call by dropping a data segment", "uses data.drop", op(0xfc, 9, 0)),
		uses("elem_drop", "remembering a call by dropping an element segment", "uses elem.drop", op(0xfc, 13, 0)),
		uses("simd", "vectors", "uses SIMD", op(0xfd, 12)),
		uses("atomics", "atomic operations", "uses atomic operations", op(0xfe, 0, 2, 0)),
		uses("tail_call", "a loop of tail calls", "uses return_call", seq(op(0x12), uleb(len(abi.Functions)+1))),
		uses("exceptions", "catching the trap that ends it", "uses try", op(0x06, 0x40)),
		uses("references", "a reference to a function as a value", "uses ref.func", op(0xd2, 0)),
		uses("second_memory", "a second memory", "uses a second memory", op(0x3f, 1, 0x1a)),
		uses("hidden_in_dead_code", "all that in code that never runs", "uses table.grow", seq(unreachable(), op(0xfc, 15, 0))),
		uses("instruction_unknown", "an instruction that there is not", "there is no instruction 0xff", op(0xff)),
		uses("global_outside", "a global past the last, where the host keeps the fuel", "there is no global 0", seq(op(0x42, 127), setGlobal(0))),
		uses("global_far_outside", "global 4,294,967,295", "there is no global 4294967295", seq(op(0x23), uleb(most), drop())),
		uses("function_outside", "a function past the last, where the host puts globals back", "there is no function", ownFunction(2)),
		uses("local_outside", "a local past the last, where the host looks at operands", "there is no local 7", seq(local(7), drop())),
		uses("operand_types", "an operand of another type than is needed", "an operand is i64 where i32 is needed", seq(op(0x42, 0), setLocal(0))),
		uses("operand_missing", "an operand that is not there", "an operand is missing", drop()),
		refused("global_constant", "writing to a constant", "global 0 is constant and cannot be set", func() []byte {
			p := recording(func(p *program) ops { return seq(i32(1), setGlobal(0), p.allow()) })
			p.sections = map[byte][]byte{6: vec([]byte{0x7f, 0, 0x41, 7, 0x0b})}
			return p.build()
		}()),
	}
}
