package wasm

import "testing"

// A store that goes by an address near one that was noted is not noted again,
// if that address cannot be another by then.
func TestStoresNearEachOtherAreNotedOnce(t *testing.T) {
	f := func(name string, want string, body ...any) {
		t.Helper()
		b := &build{memory: code(1, 0, 1)}
		b.exported("f", "i", "", "i", body...)
		got := ""
		for _, s := range inspect(t, b.bytes()).functions[0].stores {
			got += map[bool]string{false: "n", true: "c"}[s.covered] // noted or covered
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		module, names := instrument(t, b.bytes())
		for engine := range engines {
			for _, address := range []uint64{0, 7, 30_000, 64_000} {
				if got := instantiate(t, newRuntime(t, engine), module, names).call(1000, "f", address); got.untracked > 0 {
					t.Errorf("%s, %s: from %d on, %d bytes changed unnoted", name, engine, address, got.untracked)
				}
			}
		}
	}
	store := func(local, offset int) []byte { return code(get(uint32(local)), num(7), 0x36, 2, uint32(offset)) }
	change := func(local int) []byte {
		return code(get(uint32(local)), num(512), opI32Add, set(uint32(local)))
	}
	again := code(get(1), num(512), opI32Add, opLocalTee, 1, num(4096), opI32LtS, opBrIf, 0)

	f("two by the same local", "nc", store(0, 0), store(0, 128))
	f("the second one lower", "nc", store(0, 128), store(0, 0))
	f("two far apart", "nn", store(0, 0), store(0, 129))
	f("by two locals", "nn", store(0, 0), store(1, 0))
	f("the local changes in between", "nn", store(0, 0), change(0), store(0, 0))
	f("the local changes afterwards", "nn", store(0, 0), store(0, 4), change(0))
	f("the local was set before", "nc", change(0), store(0, 0), store(0, 4))
	f("an address on the stack", "nn", get(0), num(8), opI32Add, num(7), 0x36, 2, 0, get(0), num(8), opI32Add, num(7), 0x36, 2, 0)
	f("within a block behind the first", "nc", store(0, 0), opBlock, 0x40, store(0, 4), opEnd)
	f("behind a block that may skip the first", "nn",
		opBlock, 0x40, get(0), opBrIf, 0, store(0, 0), opEnd, store(0, 4))
	f("in the other arm", "nn", get(0), opIf, 0x40, store(0, 0), opElse, store(0, 4), opEnd)
	f("behind an if", "nn", get(0), opIf, 0x40, store(0, 0), opEnd, store(0, 4))
	f("behind a branch that may leave", "nc", opBlock, 0x40, store(0, 0), get(0), opBrIf, 0, store(0, 4), opEnd)
	f("in a loop that comes back with another address", "nn", store(1, 0), opLoop, 0x40, store(1, 0), again, opEnd)
	f("in a loop that leaves the address alone", "nc", store(0, 0), opLoop, 0x40, store(0, 8), again, opEnd)
}

func TestWritesOfEverySizeAreNoted(t *testing.T) {
	f := func(name string, body ...any) {
		t.Helper()
		b := &build{memory: code(1, 0, 1), count: code(1), data: [][]byte{code(1, "sixteen letters.")}}
		b.exported("f", "", "", "", body...)
		module, names := instrument(t, b.bytes())
		for engine := range engines {
			got := instantiate(t, newRuntime(t, engine), module, names).call(1<<20, "f")
			if got.err != "" || got.untracked > 0 {
				t.Errorf("%s, %s: %q, %d bytes changed unnoted", name, engine, got.err, got.untracked)
			}
		}
	}
	f("fill", num(100), num(7), num(60_000), opMisc, opMemoryFill, 0)
	f("fill to the end", num(0), num(7), num(1<<16), opMisc, opMemoryFill, 0)
	f("fill nothing", num(1<<16), num(7), num(0), opMisc, opMemoryFill, 0)
	f("init", num(100), num(0), num(16), opMisc, opMemoryInit, 0, 0)
	f("copy", num(100), num(7), 0x36, 2, 0, num(50_000), num(100), num(4000), opMisc, opMemoryCopy, 0, 0)
	f("the last byte", num(1<<16-1), num(7), 0x3a, 0, 0)
	f("eight bytes at the end", num(1<<16-8), code(opI64Const, int64(-1)), 0x37, 3, 0)
	f("by the offset alone", num(0), num(7), 0x36, 2, uint32(60_000))
	f("low and high", num(0), num(7), 0x36, 2, 0, num(60_000), num(7), 0x36, 2, 0)
}
