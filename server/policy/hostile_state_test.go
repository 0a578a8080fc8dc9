package policy

import (
	"slices"

	"github.com/hapta/hapta/abi"
)

// hiddenState are modules that try to remember that they were called before,
// and refuse if they do.
func hiddenState() []hostile {
	once := func(p *program, marked, mark ops) ops {
		return seq(marked, when(p.refuse("failed", "I was here before."), leave()), mark, p.allow())
	}
	tries := func(file, tries string, marked, mark ops) hostile {
		return harmless("state_"+file, "remembering a call in "+tries, recording(func(p *program) ops { return once(p, marked, mark) }))
	}
	i64, f32, f64 := op(0x42, 7), op(0x43, 0, 0, 0xe0, 0x40), f64(7)
	variable := func(file string, typ byte, first, other, differs ops) hostile {
		what := "a mutable global of the type " + map[byte]string{0x7e: "i64", 0x7d: "f32", 0x7c: "f64"}[typ]
		h := recording(func(p *program) ops { return once(p, seq(global(0), first, differs), seq(other, setGlobal(0))) })
		h.sections = map[byte][]byte{6: vec(slices.Concat([]byte{typ, 1}, first, end()))}
		return harmless("state_"+file, "remembering a call in "+what, h)
	}
	number := func(exported bool) *program {
		p := recording(func(p *program) ops { return once(p, seq(global(1), i32(7), op(0x47)), seq(i32(8), setGlobal(1))) })
		p.globals, p.exported = 2, exported
		return p
	}
	return []hostile{
		tries("memory", "memory", load32(32000), store(32000, i32(1))),
		tries("memory_bulk", "memory, by a bulk fill", load32(32000), fill(32000, 255, 64)),
		tries("memory_first", "the first bytes of memory", load32(0), store(0, i32(1))),
		tries("memory_last", "the last byte of memory", seq(i32(65535), op(0x2d, 0, 0)), seq(i32(65535), i32(1), op(0x3a, 0, 0))),
		tries("memory_offset", "memory, by the offset of a store alone", load32(60000), seq(i32(0), i32(1), append(op(0x36, 2), uleb(60000)...))),
		tries("memory_covered", "memory near a store that is noted, in a loop that moves on", load32(40000), seq(
			times(8, local(2), i32(1), op(0x36, 2, 0), local(2), i32(1), append(op(0x36, 2), uleb(64)...), local(2), i32(8000), add(), setLocal(2)),
			store(40000, i32(1)))),
		harmless("state_memory_of_init", "remembering a call in memory that init wrote", func() *program {
			p := recording(func(p *program) ops {
				return once(p, seq(load32(32000), i32(5), op(0x47)), store(32000, i32(6)))
			})
			p.exports["hapta_init"] = store(32000, i32(5))
			return p
		}()),
		harmless("state_memory_by_host", "remembering a call in memory that the host writes to", recording(func(p *program) ops {
			return once(p, load32(32000), seq(p.field(abi.RootStored, "id"), i32(32000), i32(64), host("read"), drop()))
		})),
		harmless("state_global", "remembering a call in a mutable global", number(false)),
		harmless("state_global_exported", "remembering a call in a mutable global that is exported", number(true)),
		variable("global_i64", 0x7e, i64, op(0x42, 8), op(0x52)),
		variable("global_f32", 0x7d, f32, op(0x43, 0, 0, 0, 0x41), op(0x5c)),
		variable("global_f64", 0x7c, f64, seq(f64, f64, op(0xa0)), op(0x62)),
		tries("grown_memory", "how large memory is", seq(op(0x3f, 0), i32(1), op(0x47)), seq(grow(1), drop())),
		harmless("state_in_grown_memory", "remembering a call in memory that it grew by", recording(func(p *program) ops {
			return seq(grow(1), drop(), once(p, load32(70000), store(70000, i32(1))))
		})),
		harmless("state_refused_memory", "having been refused memory by an earlier call count for the next", recording(func(p *program) ops {
			return seq(grow(16), drop(), p.allow())
		})),
		harmless("state_data", "remembering a call in the bytes that a passive data segment was copied over", func() *program {
			p := recording(func(p *program) ops {
				initialize := seq(i32(50000), i32(0), i32(4), op(0xfc, 8, 1, 0))
				return seq(initialize, once(p, seq(load32(50000), i32(0x64636261), op(0x47)), store(50000, i32(1))))
			})
			p.passive = []byte("abcd")
			return p
		}()),
		ends("state_handles", "using a handle of an earlier call", abi.FaultInvalid, "kind: the handle 2 was not given out in this call",
			recording(func(p *program) ops {
				return seq(i32(2), host("kind"), drop(), p.field(abi.RootStored, "bio"), drop(), p.allow())
			})),
		ends("state_then_trap", "remembering a call in memory, and trapping before it can be undone", abi.FaultTrapped, "unreachable",
			recording(func(p *program) ops {
				return seq(load32(32000), when(p.allow(), leave()), store(32000, i32(1)), unreachable())
			})),
		harmless("state_effects", "leaving effects for the next call", writing(func(p *program) ops {
			return seq(p.name("title"), host("set_null"), p.allow())
		})),
		harmless("state_verdict", "leaving a mask for the next call", recording(func(p *program) ops {
			return seq(p.name("bio"), host("mask"), p.allow())
		})),
	}
}
