package wasm

import (
	"errors"
)

// Options says how a module is rewritten.
type Options struct {
	// Unbounded leaves out all charges. Its only use is to measure what they
	// cost; a module written so must not run on a server.
	Unbounded bool
	// MemoryPages is the most memory, in pages of 64 KiB, where that is less
	// than the limit that the module was inspected with; 0: it is not.
	MemoryPages int
}

// Instrumented names what the rewritten module exports beside what it did: two
// functions without parameters and results, and mutable globals.
//
// The host sets Fuel before each call, and takes from it for work of its own.
// A call that ran out ends in a trap (unreachable) with Fuel below zero, one
// that recursed too deep in the same trap with Depth below zero. Depth is back
// at its initial value whenever a call returns; after any trap the instance
// has to be thrown away or put back whole.
type Instrumented struct {
	Fuel          string // i64, units left; zero when instantiated
	Depth         string // i32, units of stack left, see StackUnits
	MemoryRefused string // i32, becomes 1 when memory.grow has failed

	// What was written: since the last Restore no byte has changed that is
	// more than WrittenMargin bytes below the one or above the other, both i32
	// and unsigned. The host may move them apart for what it writes itself.
	WrittenFrom, WrittenTo string

	Keep    string // remembers all of the module's mutable globals
	Restore string // puts back what Keep remembered, and notes anew from here on
}

// Rates of what is charged by size, beyond the instruction itself.
const (
	// BytesPerUnit is how many bytes memory.copy, fill and init move per unit
	// of fuel.
	BytesPerUnit = 1 << bytesShift
	// UnitsPerPage is the fuel that memory.grow takes for each page asked for.
	UnitsPerPage = 1 << pageShift

	bytesShift = 3
	pageShift  = 14
)

// Instrument writes the module anew: without custom sections, with every
// instruction charged before it runs, with recursion bounded, with its
// memory's maximum lowered to the limit, and with functions that put its mutable
// globals back. It notes where it writes to memory. Apart from the globals that are
// added and that maximum it behaves as the original,
// provided that the host calls no function of the module from within a call.
//
// What is charged is the same on every engine and machine: 1 for most
// instructions, more for the dear ones, nothing for labels; 1 for each local
// that a function declares; bulk memory and growth by size. Small code that is
// skipped may be charged along with what surrounds it.
func (m *Module) Instrument(opt Options) ([]byte, Instrumented, error) {
	w := &rewriter{module: m, graph: m.callGraph(), unbounded: opt.Unbounded, pages: m.limits.MemoryPages}
	if opt.MemoryPages > 0 {
		w.pages = min(w.pages, opt.MemoryPages)
	}
	w.fuel = uint32(len(m.globals))
	w.depth = w.fuel + 1
	w.refused = w.fuel + 2
	w.from = w.fuel + 3
	w.to = w.fuel + 4
	w.out = append(make([]byte, 0, w.size()), header...)
	for _, id := range sectionOrder {
		w.section(id)
	}
	if len(w.out) > maxOutput {
		return nil, Instrumented{}, errors.New("the module grows too large when its work is counted; split its functions or leave something out")
	}
	return w.out, w.exported, nil
}

// maxOutput guards the 32-bit sizes of the format; the default limits keep far
// below it.
const maxOutput = 1 << 30

type rewriter struct {
	module               *Module
	graph                *callGraph
	unbounded            bool
	pages                int
	fuel, depth, refused uint32 // indices of the added globals
	from, to             uint32
	exported             Instrumented
	out                  []byte
}

// size guesses the length of the output.
func (w *rewriter) size() int {
	n := 1 << 12
	for _, payload := range w.module.raw {
		n += len(payload) + 8
	}
	for i := range w.module.functions {
		n += 12*len(w.module.functions[i].marks) + 40*len(w.module.functions[i].stores)
	}
	return n
}

func (w *rewriter) section(id sectionID) {
	payload := w.module.raw[id]
	switch id {
	case sectionType:
		payload = extended(payload, uint32(len(w.module.types)), []byte{0x60, 0, 0})
	case sectionFunction:
		typ := appendU32(nil, uint32(len(w.module.types)))
		payload = extended(payload, uint32(len(w.module.functions)), typ, typ)
	case sectionMemory:
		payload = w.memory(payload)
	case sectionGlobal:
		payload = w.globals()
	case sectionExport:
		payload = w.exports()
	case sectionCode:
		payload = w.code()
	}
	if payload != nil {
		w.out = append(w.out, byte(id))
		w.out = appendBytes(w.out, payload)
	}
}

// extended adds entries to a section that has count of them, or is not there.
func extended(payload []byte, count uint32, entries ...[]byte) []byte {
	r := &reader{data: payload}
	if len(payload) > 0 { // a section may be there and have none
		r.u32()
	}
	out := append(appendU32(nil, count+uint32(len(entries))), payload[r.at:]...)
	for _, e := range entries {
		out = append(out, e...)
	}
	return out
}

func (w *rewriter) memory(payload []byte) []byte {
	memory := w.module.memory
	if memory == nil {
		return payload
	}
	most := uint32(w.pages)
	if memory.HasMax {
		most = min(most, memory.Max)
	}
	return appendU32(appendU32([]byte{1, 1}, memory.Min), most)
}

// globals appends the host's five to the module's own, and the twins.
func (w *rewriter) globals() []byte {
	var added [][]byte
	add := func(t ValueType, init ...byte) {
		added = append(added, append([]byte{byte(t), 1}, append(init, opEnd)...))
	}
	constant := func(t ValueType, op byte, value int64) { add(t, appendSigned([]byte{op}, value)...) }
	constant(I64, opI64Const, 0)
	constant(I32, opI32Const, max(0, StackUnits-int64(w.graph.deepest)))
	constant(I32, opI32Const, 0)
	constant(I32, opI32Const, -1)
	constant(I32, opI32Const, 0)
	w.restored(func(g global, _ uint32) {
		add(g.Type, zero[g.Type]...)
	})
	return extended(w.module.raw[sectionGlobal], uint32(len(w.module.globals)), added...)
}

// zero is the instruction that gives a type's zero.
var zero = map[ValueType][]byte{
	I32: {opI32Const, 0}, I64: {opI64Const, 0}, F32: {opF32Const, 0, 0, 0, 0}, F64: {opF64Const, 0, 0, 0, 0, 0, 0, 0, 0},
}

func (w *rewriter) exports() []byte {
	var list []byte
	count := uint32(len(w.module.exports))
	add := func(name string, kind Kind, index uint32) {
		list = append(appendBytes(list, []byte(name)), byte(kind))
		list = appendU32(list, index)
	}
	for _, e := range w.module.exports {
		add(e.Name, e.Kind, e.Index)
	}
	export := func(name string, kind Kind, index uint32) string {
		add(ReservedPrefix+name, kind, index)
		count++
		return ReservedPrefix + name
	}
	w.exported.Fuel = export("fuel", KindGlobal, w.fuel)
	w.exported.Depth = export("depth", KindGlobal, w.depth)
	w.exported.MemoryRefused = export("memory_refused", KindGlobal, w.refused)
	w.exported.WrittenFrom = export("written_from", KindGlobal, w.from)
	w.exported.WrittenTo = export("written_to", KindGlobal, w.to)
	w.exported.Keep = export("keep", KindFunction, w.module.functionCount())
	w.exported.Restore = export("restore", KindFunction, w.module.functionCount()+1)
	return append(appendU32(nil, count), list...)
}
