package policy

import (
	"slices"

	"github.com/hapta/hapta/abi"
)

// bombs are modules that are valid, and far more to compile than they look.
func bombs() []hostile {
	return []hostile{
		bomb("compile_bomb", "keeping the compiler busy: 900 locals that live through 8,000 loops", 900, throughLoops),
		bomb("compile_bomb_ifs", "keeping the compiler busy: 400 locals that 8,000 ifs of one loop may set", 400, throughIfs),
	}
}

func bomb(file, tries string, locals int, body func(locals int) ops) hostile {
	p := allowing()
	p.exports["bomb"] = body(locals)
	p.locals = slices.Concat([]byte{1}, uleb(locals), []byte{byte(abi.I32)})
	return hostile{file: file, tries: tries, module: p.build(), bomb: true}
}

func throughLoops(locals int) ops {
	return seq(
		each(locals, func(n int) ops { return seq(load32(0), setLocal(n)) }),
		each(8000, func(n int) ops { return loop(local(n%locals), againIf()) }), // through which all locals live
		each(locals, func(n int) ops { return store(0, local(n)) }),
	)
}

func throughIfs(locals int) ops {
	return loop(each(8000, func(n int) ops {
		return seq(local(n%locals), when(local((7*n+1)%locals), setLocal((13*n+5)%locals)))
	}), local(1), againIf())
}
