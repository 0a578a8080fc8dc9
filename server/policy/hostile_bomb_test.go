package policy

import (
	"slices"

	"github.com/hapta/hapta/abi"
)

// bombs are modules that are valid, and far more to compile than they look.
func bombs() []hostile {
	const locals, loops = 900, 8000
	get := func(n int) ops { return local(n % locals) }
	p := allowing()
	p.exports["bomb"] = seq(
		each(locals, func(n int) ops { return seq(load32(0), setLocal(n)) }),
		each(loops, func(n int) ops { return loop(get(n), againIf()) }), // through which all locals live
		each(locals, func(n int) ops { return store(0, get(n)) }),
	)
	p.locals = slices.Concat([]byte{1}, uleb(locals), []byte{byte(abi.I32)})
	return []hostile{{
		file: "compile_bomb", tries: "keeping the compiler busy: 900 locals that live through 8,000 loops",
		module: p.build(), bomb: true,
	}}
}
