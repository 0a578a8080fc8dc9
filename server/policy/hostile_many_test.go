package policy

import (
	"slices"

	"github.com/hapta/hapta/abi"
)

// manyOfEverything are modules that ask for more than there is, of things that
// have a bound of their own.
func manyOfEverything() []hostile {
	traps := func(file, tries, detail string, p *program) hostile {
		return ends(file, tries, abi.FaultTrapped, detail, p)
	}
	const tooDeep = "functions call each other too deeply"
	return []hostile{
		traps("recursion", "a function that calls itself", tooDeep, recording(func(*program) ops { return seq(local(0), local(1), ownFunction(1)) })),
		traps("recursion_mutual", "two functions that call each other", tooDeep, func() *program {
			p := recording(func(*program) ops { return ownFunction(0) })
			p.exports["a"], p.exports["b"] = ownFunction(1), ownFunction(0)
			return p
		}()),
		traps("recursion_huge_frames", "recursion with 990 locals in each frame, all of them in use", tooDeep, func() *program {
			p := recording(func(*program) ops { return ownFunction(0) })
			p.exports["a"], p.locals = seq(each(990, func(n int) ops { return seq(local(n), i32(1), add(), setLocal(n)) }), ownFunction(0),
				each(990, func(n int) ops { return seq(local(n), op(0x24, 0)) })), manyLocals
			p.globals = 1
			return p
		}()),
		traps("recursion_by_table", "a function that calls itself through the table", tooDeep, func() *program {
			p := recording(func(*program) ops { return ownFunction(0) })
			p.exports["a"] = seq(i32(0), op(0x11), uleb(len(abi.Functions)+1), op(0)) // the type of "a"
			p.sections = map[byte][]byte{9: vec(slices.Concat([]byte{0}, i32(0), end(), vec(uleb(len(abi.Functions)+1))))}
			return p
		}()),
		harmless("recursion_to_the_brink", "900 calls deep, and back, over and over", func() *program {
			p := recording(func(p *program) ops { return seq(times(10, i32(0), setGlobal(0), ownFunction(0)), p.allow()) })
			p.exports["a"] = seq(global(0), i32(1), add(), setGlobal(0), global(0), i32(900), op(0x48), when(ownFunction(0)))
			p.globals = 1
			return p
		}()),
		ends("grow_bomb", "growing memory until it is refused, then failing", abi.FaultOutOfMemory, "the call asked for more than 1048576 bytes of memory",
			recording(func(*program) ops { return forever(grow(1), i32(-1), same(), when(unreachable())) })),
		ends("grow_at_once", "growing memory past the cap at once, then failing", abi.FaultOutOfMemory, "1048576 bytes",
			recording(func(*program) ops { return seq(grow(16), i32(-1), same(), when(unreachable())) })),
		harmless("grow_and_touch", "growing memory to the cap and writing to every page of it", recording(func(p *program) ops {
			return seq(times(15, grow(1), i32(16), op(0x74), i32(1), op(0x36, 2, 0)), p.allow())
		})),
		harmless("write_far_apart", "writing to both ends of memory, so that all of it is put back", func() *program {
			p := recording(func(p *program) ops { return seq(store(0, i32(1)), store(16<<16-4, i32(1)), p.allow()) })
			p.memory = [2]uint32{16, 16}
			return p
		}()),
		harmless("log_lines", "logging more lines than are kept", recording(func(p *program) ops {
			return seq(times(300, i32(0), i32(100), host("log")), p.allow())
		})),
		ends("filter_deep", "conditions that double in size with each joining", abi.FaultInvalid, "all_of: a condition has more than 256 comparisons in it",
			narrowing(func(p *program) ops {
				return seq(p.name("a"), i32(1), host("where_null"), setLocal(1), forever(local(1), local(1), host("all_of"), setLocal(1)))
			})),
		ends("filter_wide", "conditions without end", abi.FaultInvalid, "where_null: the call has made more than 256 conditions",
			narrowing(func(p *program) ops { return forever(p.name("a"), i32(1), host("where_null"), drop()) })),
		ends("filter_again", "narrowing by the same condition without end", abi.FaultInvalid, "narrow: a condition has more than 256 comparisons in it",
			narrowing(func(p *program) ops {
				return seq(p.name("a"), i32(1), host("where_null"), setLocal(1), forever(local(1), host("narrow")))
			})),
	}
}

func each(n int, body func(n int) ops) (all ops) {
	for i := range n {
		all = append(all, body(i)...)
	}
	return all
}
