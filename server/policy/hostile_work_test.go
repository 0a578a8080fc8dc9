package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
)

func forever(body ...ops) ops { return loop(seq(body...), again()) }

func fill(at, value, size int) ops { return seq(i32(at), i32(value), i32(size), op(0xfc, 11, 0)) }

// manyLocals declares nearly as many as a function may have.
var manyLocals = slices.Concat([]byte{1}, uleb(990), []byte{byte(abi.I32)})

// endlessWork are modules that would never end by themselves.
func endlessWork() []hostile {
	endless := func(file, tries string, p *program) hostile {
		return ends(file, tries, abi.FaultOutOfFuel, "the call did more work than its 300000 units of fuel allow", p)
	}
	spends := func(file, tries string, body func(p *program) ops) hostile {
		return endless(file, tries, recording(body))
	}
	bio := func(p *program) ops { return p.field(abi.RootStored, "bio") }
	return []hostile{
		spends("loop", "an infinite loop", func(*program) ops { return forever() }),
		spends("loop_branches", "a loop that goes back through a table of branches", func(*program) ops {
			return loop(op(0x03, 0x40), local(2), op(0x0e, 1, 0, 1, 1), end())
		}),
		spends("loop_divisions", "a loop of the slowest instructions", func(*program) ops {
			return forever(i32(-1), i32(3), op(0x6d), op(0xac, 0xb9, 0x9f), drop()) // div_s, extend, convert, sqrt
		}),
		endless("calls_many_locals", "calls of a function with 990 locals, which have to be zeroed", func() *program {
			p := recording(func(*program) ops { return forever(ownFunction(0)) })
			p.exports["a"], p.locals = ops{}, manyLocals
			return p
		}()),
		endless("recursion_that_returns", "functions that call each other twice each, 900 deep: more calls than there are atoms", func() *program {
			p := recording(func(*program) ops { return ownFunction(0) })
			deeper := seq(global(0), i32(1), add(), setGlobal(0))
			back := seq(global(0), i32(1), op(0x6b), setGlobal(0))
			p.exports["a"] = seq(deeper, global(0), i32(900), op(0x48), when(ownFunction(1), ownFunction(1)), back)
			p.exports["b"] = seq(deeper, global(0), i32(900), op(0x48), when(ownFunction(0), ownFunction(0)), back)
			p.globals = 1
			return p
		}()),
		spends("fill", "bulk fills of all memory without end", func(*program) ops { return forever(fill(0, 7, 65536)) }),
		spends("copy", "bulk copies without end", func(*program) ops {
			return forever(i32(0), i32(1024), i32(32768), op(0xfc, 10, 0, 0))
		}),
		endless("init", "bulk copies of a data segment without end", func() *program {
			p := recording(func(*program) ops { return forever(i32(0), i32(0), i32(8192), op(0xfc, 8, 1, 0)) })
			p.passive = make([]byte, 8192)
			return p
		}()),
		spends("grow_all", "growing memory to 4 GiB at once", func(*program) ops { return seq(grow(65535), drop(), forever()) }),
		spends("grow_nothing", "growing memory by nothing without end", func(*program) ops { return forever(grow(0), drop()) }),
		spends("grow_and_spin", "growing memory to the cap, and spending what is left", func(*program) ops {
			return seq(loop(grow(1), i32(-1), op(0x47), againIf()), forever())
		}),
		spends("grow_by_page", "growing memory page by page, and going on when there is no more", func(*program) ops { return forever(grow(1), drop()) }),
		spends("ask", "asking the host without end", func(*program) ops { return forever(i32(0), host("kind"), drop()) }),
		spends("ask_handles", "handles without end", func(p *program) ops {
			return seq(i32(int(abi.RootStored)), host("root"), setLocal(2), forever(local(2), p.name("id"), host("get"), drop()))
		}),
		spends("ask_size", "having the host count a long text over and over", func(p *program) ops {
			return seq(bio(p), setLocal(2), forever(local(2), host("size"), drop()))
		}),
		spends("ask_blank", "having the host look for what is not blank in a long text", func(p *program) ops {
			return seq(bio(p), setLocal(2), forever(local(2), host("blank"), drop()))
		}),
		spends("ask_read", "reading a long text over and over, into memory that the host bounds", func(p *program) ops {
			return seq(bio(p), setLocal(2), grow(2), drop(), forever(local(2), i32(65536), i32(65536), host("read"), drop()))
		}),
		spends("ask_pattern", "a pattern that is dear to match", func(p *program) ops {
			return seq(bio(p), p.text("*"+strings.Repeat("a", 2000)+"b"), host("glob"), drop(), forever())
		}),
		spends("ask_contains", "looking for a long text in a long one", func(p *program) ops {
			return seq(bio(p), setLocal(2), p.text(strings.Repeat("a", 30000)+"b"), setLocal(1), setLocal(0),
				forever(local(2), local(0), local(1), host("contains_text"), drop()))
		}),
		spends("ask_equals", "comparing a wide object with itself", func(p *program) ops {
			return seq(p.field(abi.RootStored, "wide"), setLocal(2), forever(local(2), local(2), host("equals"), drop()))
		}),
		spends("ask_item", "looking for a number in a long list", func(p *program) ops {
			return seq(p.field(abi.RootStored, "list"), setLocal(2), forever(local(2), p.field(abi.RootStored, "digits"), host("contains"), drop()))
		}),
		spends("ask_item_text", "looking for a text that is not there in a long list", func(p *program) ops {
			return seq(p.field(abi.RootStored, "list"), setLocal(2), forever(local(2), p.text("zz"), host("contains_text"), drop()))
		}),
		spends("ask_last", "reading the last field of a wide object over and over, by its place", func(p *program) ops {
			return seq(p.field(abi.RootStored, "wide"), setLocal(2), forever(local(2), i32(2999), host("at"), drop()))
		}),
		spends("ask_name", "looking for a name that is not there in a wide object", func(p *program) ops {
			return seq(p.field(abi.RootStored, "wide"), setLocal(2), forever(local(2), p.text("nones"), host("get_text"), drop()))
		}),
		spends("ask_first", "looking for a field in a wide object", func(p *program) ops {
			return seq(p.field(abi.RootStored, "wide"), setLocal(2), forever(local(2), p.set("none"), host("first_in"), drop()))
		}),
		spends("ask_number", "having the host read a number of 65,536 digits", func(p *program) ops {
			return seq(p.field(abi.RootStored, "digits"), setLocal(2), times(100, local(2), host("number"), drop()), p.allow())
		}),
		spends("ask_keys", "comparing objects of which all keys are long and begin alike", func(p *program) ops {
			return seq(p.field(abi.RootStored, "keys"), setLocal(2), p.field(abi.RootStored, "same"), setLocal(1),
				times(100, local(2), local(1), host("equals"), drop()), p.allow())
		}),
		spends("log_flood", "logging a kilobyte without end", func(p *program) ops {
			at := p.place([]byte(strings.Repeat("x", 1000)))
			return forever(i32(at), i32(1000), host("log"))
		}),
		spends("log_giant", "logging all memory without end", func(*program) ops {
			return forever(i32(0), i32(65536), host("log"))
		}),
		endless("effects_endless", "effects without end", writing(func(p *program) ops {
			return forever(p.name("title"), host("set_null"))
		})),
		endless("effects_swelling", "writing a text that is six times as long in JSON", writing(func(p *program) ops {
			return seq(times(10, p.name("title"), i32(0), i32(30000), host("set_text")), p.allow())
		})),
		endless("effects_among_many", "writing the last of 256 fields, that all begin alike", amongMany("update", "writes", "set_null", 2000)),
		spends("masks_endless", "masking without end", func(p *program) ops { return forever(p.name("bio"), host("mask")) }),
		endless("masks_among_many", "masking the last of 256 fields, that all begin alike", amongMany("view", "masks", "mask", 2000)),
		endless("select_endless", "selecting records without end", judgingPages(func(*program) ops {
			return forever(i32(1), host("select"))
		})),
	}
}

// times runs a body so often; it counts in local 3.
func times(n int, body ...ops) ops {
	return loop(seq(body...), local(3), i32(1), add(), setLocal(3), local(3), i32(n), op(0x48), againIf())
}

// amongMany declares as many fields as there may be, puts an effect on all of
// them, and then on the last one over and over.
func amongMany(operation, key, function string, calls int) *program {
	var names []string
	for n := range 256 {
		names = append(names, fmt.Sprintf("%s%03d", strings.Repeat("n", 60), n))
	}
	p := &program{manifest: manifestOf(operation, fmt.Sprintf(`"%s":["%s"]`, key, strings.Join(names, `","`)))}
	all := each(len(names), func(n int) ops { return seq(p.name(names[n]), host(function)) })
	export := map[string]string{"update": "hapta_before", "view": "hapta_record"}[operation]
	p.exports = map[string]ops{export: seq(all, times(calls, p.name(names[255]), host(function)), p.allow())}
	return p
}

// writing is a program that judges updates with this body.
func writing(body func(p *program) ops) *program {
	p := &program{manifest: manifestOf("update", `"writes":["title"]`)}
	p.exports = map[string]ops{"hapta_before": body(p)}
	return p
}

// narrowing is one that judges lists.
func narrowing(body func(p *program) ops) *program {
	p := &program{manifest: manifestOf("list")}
	p.exports = map[string]ops{"hapta_filter": body(p)}
	return p
}

// judgingPages is one that judges pages.
func judgingPages(body func(p *program) ops) *program {
	p := recording(func(p *program) ops { return p.allow() })
	p.exports["hapta_page"] = body(p)
	return p
}
