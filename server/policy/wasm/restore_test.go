package wasm

import (
	"slices"
	"testing"
)

func TestGlobalsAreRestored(t *testing.T) {
	b := &build{}
	f64 := code(opF64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f) // 1.5
	b.global(I32, 1, num(5))
	b.global(I64, 1, code(opI64Const, int64(-7)))
	b.global(F32, 1, code(opF32Const, 0, 0, 0xc0, 0x3f))
	b.global(I32, 0, num(9))
	b.global(F64, 1, f64)
	for i := range 5 {
		b.export("g"+string(rune('0'+i)), KindGlobal, uint32(i))
	}
	b.exported("init", "", "", "", num(6), opGlobalSet, 0)
	b.exported("f", "", "", "",
		num(1), opGlobalSet, 0, code(opI64Const, int64(1)), opGlobalSet, 1, num(1), 0xb2, opGlobalSet, 2, num(1), 0xb7, opGlobalSet, 4)
	module, names := instrument(t, b.bytes())
	for engine := range engines {
		i := instantiate(t, newRuntime(t, engine), module, names)
		kept := i.call(1000, "init").globals
		i.call(0, names.Keep)
		for range 2 {
			if changed := i.call(1000, "f").globals; slices.Equal(changed, kept) {
				t.Fatalf("%s: f changes nothing", engine)
			}
			if got := i.call(0, names.Restore).globals; !slices.Equal(got, kept) {
				t.Errorf("%s: %v, want %v", engine, got, kept)
			}
		}
	}
}

func TestRestoreBeginsToNoteAnew(t *testing.T) {
	b := &build{memory: code(1, 1, 1, uint32(2))}
	b.exported("f", "", "", "", num(40), num(7), 0x36, 2, 0, num(5), opMemoryGrow, 0, opDrop)
	module, names := instrument(t, b.bytes())
	for engine := range engines {
		i := instantiate(t, newRuntime(t, engine), module, names)
		noted := func() [3]int64 {
			return [3]int64{int64(uint32(i.value(names.WrittenFrom))), i.value(names.WrittenTo), i.value(names.MemoryRefused)}
		}
		begin := [3]int64{0xffffffff, 0, 0}
		if got := noted(); got != begin {
			t.Errorf("%s: at first %v", engine, got)
		}
		i.call(1<<20, "f")
		if got := noted(); got != [3]int64{40, 40, 1} {
			t.Errorf("%s: after a call %v", engine, got)
		}
		i.ExportedFunction(names.Restore).Call(t.Context())
		if got := noted(); got != begin {
			t.Errorf("%s: after a restore %v", engine, got)
		}
	}
}
