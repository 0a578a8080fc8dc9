package wasm

import (
	"math"
	"slices"
	"testing"
)

// endless are modules that never end by themselves, each with an export "f"
// that takes and gives nothing, and what stops it.
func endless() map[string]func() (b *build, deep bool) {
	const memoryOf4 = "\x01\x01\x04\x10"
	return map[string]func() (*build, bool){
		"loop": func() (*build, bool) {
			b := &build{}
			b.exported("f", "", "", "", opLoop, 0x40, opBr, 0, opEnd)
			return b, false
		},
		"loop of blocks": func() (*build, bool) {
			b := &build{}
			b.exported("f", "", "", "", opLoop, 0x40, opBlock, 0x40, num(1), opBrIf, uint32(1), opEnd, opEnd)
			return b, false
		},
		"loop left only by the inner one": func() (*build, bool) {
			b := &build{}
			b.exported("f", "", "", "", opLoop, 0x40, opLoop, 0x40, opBr, 1, opEnd, opEnd)
			return b, false
		},
		"loop over a table of branches": func() (*build, bool) {
			b := &build{}
			b.exported("f", "", "", "i", opLoop, 0x40, opBlock, 0x40, opLoop, 0x40,
				get(0), num(1), opI32Add, opLocalTee, 0, num(3), 0x71,
				opBrTable, 3, 0, 1, 2, 0, opEnd, opEnd, opBr, 0, opEnd)
			return b, false
		},
		"loop in a small function": func() (*build, bool) {
			b := &build{}
			b.exported("f", "", "", "", opCall, 1)
			b.function(0, "", opLoop, 0x40, opBr, 0, opEnd)
			return b, false
		},
		"recursion": func() (*build, bool) {
			b := &build{}
			b.exported("f", "", "", "", opCall, 0)
			return b, true
		},
		"mutual recursion": func() (*build, bool) {
			b := &build{}
			b.exported("f", "", "", "", opCall, 1)
			b.function(0, "", opCall, 2)
			b.function(0, "", opCall, 0)
			return b, true
		},
		"recursion through the table": func() (*build, bool) {
			b := &build{table: code(1, 0x70, 0, 1)}
			b.exported("f", "", "", "", num(0), opCallIndirect, 0, 0)
			b.element(0, 0)
			return b, true
		},
		"recursion that returns and returns": func() (*build, bool) {
			b := &build{}
			b.exported("f", "", "", "", opCall, 1, opDrop)
			b.function(b.typ("", "i"), "", opLoop, 0x40, opCall, 2, opDrop, opBr, 0, opEnd, num(0))
			b.function(1, "", num(1), opIf, 0x40, num(1), opReturn, opEnd, opCall, 1)
			return b, false
		},
		"fill in a loop": func() (*build, bool) {
			b := &build{memory: []byte(memoryOf4)}
			b.exported("f", "", "", "", opLoop, 0x40, num(0), num(7), num(4<<16), opMisc, opMemoryFill, 0, opBr, 0, opEnd)
			return b, false
		},
		"copy in a loop": func() (*build, bool) {
			b := &build{memory: []byte(memoryOf4)}
			b.exported("f", "", "", "", opLoop, 0x40, num(0), num(7), num(1<<16), opMisc, opMemoryCopy, 0, 0, opBr, 0, opEnd)
			return b, false
		},
		"growth in a loop": func() (*build, bool) {
			b := &build{memory: []byte(memoryOf4)}
			b.exported("f", "", "", "", opLoop, 0x40, num(1), opMemoryGrow, 0, opDrop, opBr, 0, opEnd)
			return b, false
		},
		"growth by nothing in a loop": func() (*build, bool) {
			b := &build{memory: []byte(memoryOf4)}
			b.exported("f", "", "", "", opLoop, 0x40, num(0), opMemoryGrow, 0, opDrop, opBr, 0, opEnd)
			return b, false
		},
		"calls of a function with many locals": func() (*build, bool) {
			b := &build{}
			b.exported("f", "", "", "", opLoop, 0x40, opCall, 1, opBr, 0, opEnd)
			b.body(0, code(1, uint32(999), 0x7f, opEnd))
			return b, false
		},
		"straight line": func() (*build, bool) {
			b := &build{}
			var line []byte
			for range 40_000 {
				line = append(line, code(get(0), opDrop)[:3]...)
			}
			b.exported("f", "", "", "i", opLoop, 0x40, line, opBr, 0, opEnd)
			return b, false
		},
	}
}

func TestEverythingEnds(t *testing.T) {
	const fuel = 1 << 20
	for name, make := range endless() {
		t.Run(name, func(t *testing.T) {
			b, deep := make()
			module, names := instrument(t, b.bytes())
			var first outcome
			for engine := range engines {
				got := instantiate(t, newRuntime(t, engine), module, names).call(fuel, "f")
				if got.err != "wasm error: unreachable" {
					t.Fatalf("%s: ended with %q, not by the bound", engine, got.err)
				}
				if deep && (got.depth >= 0 || got.left < 0) {
					t.Errorf("%s: depth %d and fuel %d, should have run out of depth", engine, got.depth, got.left)
				}
				if !deep && (got.left >= 0 || got.depth < 0) {
					t.Errorf("%s: depth %d and fuel %d, should have run out of fuel", engine, got.depth, got.left)
				}
				if first.err == "" {
					first = got
				} else if got.fuel != first.fuel || got.depth != first.depth {
					t.Errorf("engines differ: fuel %d and %d, depth %d and %d", got.fuel, first.fuel, got.depth, first.depth)
				}
			}
		})
	}
}

func TestFuelIsExact(t *testing.T) {
	f := func(name string, b *build, want int64) {
		t.Helper()
		module, names := instrument(t, b.bytes())
		for engine := range engines {
			got := instantiate(t, newRuntime(t, engine), module, names).call(math.MaxInt64, "f")
			if got.err != "" || got.fuel != want {
				t.Errorf("%s, %s: used %d (%s), want %d", name, engine, got.fuel, got.err, want)
			}
		}
	}
	line := &build{}
	line.exported("f", "", "i", "ll", num(1), num(2), opI32Add)
	f("entry, two locals and three instructions", line, 1+2+3)

	loop := &build{}
	loop.exported("f", "", "", "i", opLoop, 0x40, get(0), num(1), opI32Add, opLocalTee, 0, num(10), opI32LtS, opBrIf, 0, opEnd)
	f("ten rounds of seven instructions", loop, 1+1+10*7)

	divide := &build{}
	divide.exported("f", "", "i", "", num(9), num(3), 0x6d)
	f("a division", divide, 1+2+costDivide)

	call := &build{}
	call.exported("f", "", "", "", opCall, 1)
	call.function(0, "")
	f("a call", call, 1+costCall+1)

	fill := &build{memory: code(1, 0, 1)}
	fill.exported("f", "", "", "", num(0), num(1), num(8000), opMisc, opMemoryFill, 0)
	f("a fill of 8,000 bytes", fill, 1+3+costBulk+1000)

	passive := &build{memory: code(1, 0, 1), count: code(1), data: [][]byte{code(1, "sixteen letters.")}}
	passive.exported("f", "", "i", "", num(0), num(0), num(16), opMisc, opMemoryInit, 0, 0, num(0), 0x2d, 0, 0)
	f("a copy of 16 bytes of passive data", passive, 1+5+costBulk+2)

	grow := &build{memory: code(1, 0, 1)}
	grow.exported("f", "", "i", "", num(3), opMemoryGrow, 0)
	f("growth by three pages", grow, 1+1+costGrow+3*UnitsPerPage)

	long := make([]byte, 0, 300)
	for range 100 {
		long = append(long, code(num(1), opDrop)...)
	}
	arms := &build{}
	arms.exported("f", "", "", "", num(1), opIf, 0x40, num(1), opDrop, opElse, long, opEnd)
	f("the short arm is paid at once, the long one is not", arms, 1+2+2)

	skipped := &build{}
	skipped.exported("f", "", "", "", slices.Repeat(code(num(0), opIf, 0x40, num(1), opDrop, opEnd), 100))
	f("of many short arms, few are paid without being run", skipped, 1+100*2+slack)
}

func TestMemoryRefused(t *testing.T) {
	b := &build{memory: code(1, 1, 1, uint32(300))}
	b.exported("f", "i", "i", "", get(0), opMemoryGrow, 0)
	module, names := instrument(t, b.bytes())
	for engine := range engines {
		i := instantiate(t, newRuntime(t, engine), module, names)
		if got := i.call(1<<40, "f", 2); got.err != "" || got.results[0] != 1 || got.refused != 0 {
			t.Errorf("%s: growth within the limit: %+v", engine, got)
		}
		if got := i.call(1<<40, "f", 254); got.err != "" || int32(got.results[0]) != -1 || got.refused != 1 {
			t.Errorf("%s: growth past the limit of 256 pages: %+v", engine, got)
		}
	}
}

func TestDepthComesBack(t *testing.T) {
	b := &build{}
	// f(n) = n == 0 ? 0 : f(n-1) + 1
	b.exported("f", "i", "i", "", get(0), 0x45, opIf, 0x40, num(0), opReturn, opEnd,
		get(0), num(1), opI32Sub, opCall, 0, num(1), opI32Add)
	module, names := instrument(t, b.bytes())
	for engine := range engines {
		i := instantiate(t, newRuntime(t, engine), module, names)
		initial := int64(int32(i.value(names.Depth)))
		for _, n := range []uint64{1, 500, 1000} {
			if got := i.call(1<<30, "f", n); got.err != "" || got.results[0] != n || got.depth != initial {
				t.Errorf("%s: f(%d): %+v, want depth %d", engine, n, got, initial)
			}
		}
		if got := i.call(1<<30, "f", 1024); got.err == "" || got.depth >= 0 {
			t.Errorf("%s: 1,024 calls deep: %+v", engine, got)
		}
	}
}

func TestRecursionOnlyIsCounted(t *testing.T) {
	b := &build{}
	b.exported("f", "", "", "", opCall, 1, opCall, 2)
	b.function(0, "", opCall, 2)
	b.function(0, "")
	g := inspect(t, b.bytes()).callGraph()
	for from, calls := range g.calls {
		for _, to := range calls {
			if g.counted(uint32(from), to) {
				t.Errorf("the call from %d to %d is counted and cannot recur", from, to)
			}
		}
	}
	if g.deepest != 3*64 {
		t.Errorf("the longest chain takes %d units, want three frames of 64", g.deepest)
	}
}

// A chain of calls too long to be sure of is counted as it is walked.
func TestLongChains(t *testing.T) {
	f := func(length uint32, fits bool) {
		t.Helper()
		b := &build{}
		b.exported("f", "", "", "", opCall, 1)
		for i := uint32(1); i < length-1; i++ {
			b.function(0, "", opCall, i+1)
		}
		b.function(0, "", opNop)
		module, names := instrument(t, b.bytes())
		for engine := range engines {
			got := instantiate(t, newRuntime(t, engine), module, names).call(1<<30, "f")
			if fits != (got.err == "") || fits != (got.depth >= 0) {
				t.Errorf("%s: a chain of %d: %+v", engine, length, got)
			}
		}
	}
	f(500, true)
	f(600, true)
	f(1024, true)
	f(1025, false)
	f(4000, false)
}

// Sections that are there and hold nothing are valid.
func TestEmptySections(t *testing.T) {
	module := []byte(header)
	for _, id := range sectionOrder {
		if id != sectionTag && id != sectionStart { // which are refused
			module = append(module, section(id, code(0))...)
		}
	}
	out, names := instrument(t, module)
	for engine := range engines {
		instantiate(t, newRuntime(t, engine), out, names)
	}
}
