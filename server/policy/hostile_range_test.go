package policy

import "github.com/hapta/hapta/abi"

// outOfRange are modules that reach for what is not theirs: past memory, past
// the table, by numbers that nobody gave them.
func outOfRange() []hostile {
	traps := func(file, tries, detail string, body ops) hostile {
		return ends(file, tries, abi.FaultTrapped, detail, recording(func(*program) ops { return body }))
	}
	misuse := func(file, tries, detail string, body func(p *program) ops) hostile {
		return ends(file, tries, abi.FaultInvalid, detail, recording(body))
	}
	stored := func(p *program) ops { return seq(i32(int(abi.RootStored)), host("root")) }
	call := func(typ int) ops { return seq(op(0x11), uleb(typ), op(0)) } // call_indirect
	return []hostile{
		traps("load_outside", "reading past memory", "out of bounds memory access", seq(load32(-8), drop())),
		traps("store_outside", "writing past memory", "out of bounds memory access", store(-1, i32(1))),
		traps("store_offset_outside", "writing past memory, by an offset that overflows", "out of bounds memory access",
			seq(i32(-1), i32(1), append(op(0x36, 2), uleb(1<<32-1)...))),
		traps("fill_outside", "filling a mebibyte where there are 64 KiB", "out of bounds memory access", seq(fill(0, 1, 1<<20), unreachable())),
		traps("divide_by_zero", "a division by zero", "integer divide by zero", seq(i32(1), i32(0), op(0x6d), drop())),
		traps("convert_overflow", "a number that does not fit", "integer overflow", seq(f64(1e300), op(0xaa), drop())),
		traps("call_null", "calling an element of the table that is empty", "invalid table access", seq(i32(0), call(len(abi.Functions)+1))),
		traps("call_outside", "calling an element past the table", "invalid table access", seq(i32(-1), call(len(abi.Functions)+1))),
		misuse("pointer_outside", "a pointer past memory", "get_text: 4 bytes at 4294967295 lie outside memory", func(p *program) ops {
			return seq(stored(p), i32(-1), i32(4), host("get_text"), drop())
		}),
		misuse("pointer_wraps", "a text that begins in memory and is 4 GiB long", "log: 4294967295 bytes at 16 lie outside memory", func(*program) ops {
			return seq(i32(16), i32(-1), host("log"))
		}),
		misuse("pointer_of_read", "having the host write past memory", "read: 32 bytes at 65520 lie outside memory", func(p *program) ops {
			return seq(p.field(abi.RootStored, "id"), i32(65520), i32(32), host("read"), drop())
		}),
		misuse("pointer_of_panic", "giving up with a text past memory", "panic: 8 bytes at 4294967288 lie outside memory", func(*program) ops {
			return seq(i32(-8), i32(8), host("panic"))
		}),
		traps("pointer_of_abort", "giving up, as AssemblyScript does, with texts past memory", "aborted at :4294967295:4294967295", abortWith(-2, 3, -1, -1)),
		misuse("text_long", "a text longer than may be passed", "get_text: the text has 65537 bytes; at most 65536 are allowed", func(p *program) ops {
			return seq(stored(p), i32(0), i32(65537), host("get_text"), drop())
		}),
		misuse("text_not_utf8", "a text that is not UTF-8", "get_text: the text at 1024 is not UTF-8", func(p *program) ops {
			return seq(stored(p), i32(p.place([]byte{0xff, 0xfe})), i32(2), host("get_text"), drop())
		}),
		misuse("handle_forged", "a handle that was not given out", "kind: the handle 4242 was not given out in this call", func(*program) ops {
			return seq(i32(4242), host("kind"), drop())
		}),
		misuse("handle_negative", "a handle below zero", "size: the handle 4294967295 was not given out in this call", func(*program) ops {
			return seq(i32(-1), host("size"), drop())
		}),
		misuse("name_forged", "a name that was not interned", "get: 4242 is not the id of a name", func(p *program) ops {
			return seq(stored(p), i32(4242), host("get"), drop())
		}),
		misuse("set_forged", "a set of names that was not interned", "first_in: 2 is not the id of a set of names", func(p *program) ops {
			return seq(p.set("a"), drop(), stored(p), i32(2), host("first_in"), drop())
		}),
		misuse("code_forged", "a code that was not interned", "verdict: 4242 is not the id of a code", func(*program) ops {
			return seq(i32(2), i32(4242), i32(0), i32(0), i32(0), host("verdict"))
		}),
		misuse("root_forged", "a root that there is not", "root: there is no root 4242", func(*program) ops { return seq(i32(4242), host("root"), drop()) }),
		ends("node_forged", "a condition that was not made", abi.FaultInvalid, "narrow: 4242 is not a condition of this call",
			narrowing(func(*program) ops { return seq(i32(4242), host("narrow")) })),
		ends("select_outside", "selecting a record past the page", abi.FaultInvalid, "select: the page has no record 2",
			judgingPages(func(p *program) ops { return seq(i32(2), host("select"), p.allow()) })),
		ends("select_negative", "selecting a record before the page", abi.FaultInvalid, "select: the page has no record 4294967295",
			judgingPages(func(p *program) ops { return seq(i32(-1), host("select"), p.allow()) })),
		misuse("intern_late", "interning outside of init", "name: it may not be called in the phase record", func(p *program) ops {
			return seq(p.text("late"), host("name"), drop())
		}),
		misuse("relation_undeclared", "following a relation that the manifest does not name", `relation: the manifest does not name the relation "author"`, func(p *program) ops {
			return seq(stored(p), p.name("author"), host("relation"), drop())
		}),
	}
}
