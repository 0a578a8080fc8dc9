package wasm

import (
	"slices"
	"strings"
)

// generator writes a valid module from any bytes: each choice takes one, and
// when they are used up the simplest choice ends it. Nothing in it computes
// with floats in ways whose NaN bits an engine may choose.
type generator struct {
	bytes     []byte
	b         *build
	signature []string // "params>results" of the functions
	locals    string
	results   string
	labels    []string // innermost last
	depth     int
}

func generate(seed []byte) []byte {
	g := &generator{bytes: seed, b: &build{table: code(1, 0x70, 1, 6, 6), memory: code(1, 1, 1, 3)}}
	g.signature = []string{">i", "i>i", "il>l", "d>", "i>il", ">f"}
	for _, s := range g.signature {
		params, results, _ := strings.Cut(s, ">")
		g.b.typ(params, results)
	}
	g.b.global(I32, 1, num(5))
	g.b.global(I64, 1, code(opI64Const, int64(-7)))
	g.b.global(F64, 0, code(opF64Const, make([]byte, 8)))
	for i, s := range g.signature {
		params, results, _ := strings.Cut(s, ">")
		g.locals, g.results, g.labels = params+"ilfd", results, []string{results}
		body := code(g.statements(), g.values(results))
		g.b.function(uint32(i), "ilfd", body)
	}
	g.b.export("f", KindFunction, 0)
	g.b.export("g0", KindGlobal, 0)
	g.b.export("g1", KindGlobal, 1)
	g.b.element(0, 0, 1, 2, 3, 4, 5)
	return g.b.bytes()
}

func (g *generator) choose(n int) int {
	if len(g.bytes) == 0 {
		return 0
	}
	c := int(g.bytes[0])
	g.bytes = g.bytes[1:]
	return c % n
}

func (g *generator) statements() []byte {
	g.depth++
	defer func() { g.depth-- }()
	var out []byte
	for n := g.choose(5); n > 0 && g.depth < 6; n-- {
		out = append(out, g.statement()...)
	}
	return out
}

func (g *generator) values(types string) []byte {
	var out []byte
	for _, t := range types {
		out = append(out, g.value(string(t))...)
	}
	return out
}

// within writes code inside a block whose label carries the given types.
func (g *generator) within(label string, write func() []byte) []byte {
	g.labels = append(g.labels, label)
	out := write()
	g.labels = g.labels[:len(g.labels)-1]
	return out
}

func (g *generator) label() (depth uint32, types string) {
	d := g.choose(len(g.labels))
	return uint32(d), g.labels[len(g.labels)-1-d]
}

func drops(types string) []byte { return slices.Repeat([]byte{opDrop}, len(types)) }

func (g *generator) statement() []byte {
	switch g.choose(18) {
	case 0:
		return code(opNop)
	case 1, 2:
		i := g.choose(len(g.locals))
		return code(g.value(g.locals[i:i+1]), set(uint32(i)))
	case 3:
		i := g.choose(2)
		return code(g.value("il"[i:i+1]), opGlobalSet, uint32(i))
	case 4:
		return g.store()
	case 5:
		return code(g.value("i"), opIf, 0x40, g.within("", g.statements), opEnd)
	case 6:
		return code(g.value("i"), opIf, 0x40, g.within("", g.statements), opElse, g.within("", g.statements), opEnd)
	case 7:
		return code(opBlock, 0x40, g.within("", g.statements), opEnd)
	case 8, 9:
		return code(opLoop, 0x40, g.within("", func() []byte {
			return code(g.statements(), g.value("i"), opBrIf, 0, g.statements())
		}), opEnd)
	case 10:
		depth, types := g.label()
		return code(g.values(types), g.value("i"), opBrIf, depth, drops(types))
	case 11:
		depth, types := g.label()
		return code(g.values(types), opBr, depth)
	case 12:
		return g.table()
	case 13:
		i := g.choose(len(g.signature))
		params, results, _ := strings.Cut(g.signature[i], ">")
		return code(g.values(params), opCall, uint32(i), drops(results))
	case 14:
		i := g.choose(len(g.signature))
		params, results, _ := strings.Cut(g.signature[i], ">")
		return code(g.values(params), g.value("i"), opCallIndirect, uint32(i), 0, drops(results))
	case 15:
		return code(num(int64(g.choose(256)*64)), g.value("i"), num(int64(g.choose(256)*16)), opMisc, opMemoryFill, 0)
	case 16:
		return code(g.value("i"), num(int64(g.choose(256))), num(int64(g.choose(256)*16)), opMisc, opMemoryCopy, 0, 0)
	default:
		if g.choose(2) == 0 {
			return code(g.values(g.results), opReturn)
		}
		return code(opUnreachable)
	}
}

// store writes to an address, which is a local's half of the time.
func (g *generator) store() []byte {
	op := 0x36 + g.choose(9)
	address := get(uint32(strings.Index(g.locals, "i")))
	if g.choose(2) == 0 {
		address = g.value("i")
	}
	value := g.value(map[ValueType]string{I32: "i", I64: "l", F32: "f", F64: "d"}[instructions[op].pops[1]])
	return code(address, value, op, 0, uint32(g.choose(200)))
}

// table branches through a table to labels that carry the same types.
func (g *generator) table() []byte {
	_, types := g.label()
	var depths []byte
	for n := 1 + g.choose(4); n > 0; n-- {
		if depth, t := g.label(); t == types {
			depths = append(depths, byte(depth))
		}
	}
	if len(depths) == 0 {
		return nil
	}
	return code(g.values(types), g.value("i"), opBrTable, len(depths)-1, depths)
}

func (g *generator) value(t string) []byte {
	g.depth++
	defer func() { g.depth-- }()
	if g.depth > 9 {
		return g.leaf(t)
	}
	switch c := g.choose(12); c {
	case 0, 1:
		return g.leaf(t)
	case 2, 3, 4:
		return g.operation(t)
	case 5:
		return code(opBlock, spelled(t)[0], g.within(t, func() []byte { return code(g.statements(), g.value(t)) }), opEnd)
	case 6:
		arm := func() []byte { return g.within(t, func() []byte { return code(g.statements(), g.value(t)) }) }
		return code(g.value("i"), opIf, spelled(t)[0], arm(), opElse, arm(), opEnd)
	case 7:
		return code(opLoop, spelled(t)[0], g.within("", func() []byte { return code(g.statements(), g.value(t)) }), opEnd)
	case 8:
		for i, s := range g.signature {
			if params, results, _ := strings.Cut(s, ">"); results == t {
				return code(g.values(params), opCall, uint32(i))
			}
		}
		return g.leaf(t)
	case 9:
		i := strings.Index(g.locals, t)
		return code(g.value(t), opLocalTee, uint32(i))
	case 10:
		// A block of a type with two results, of which one is used.
		if t != "i" {
			return g.leaf(t)
		}
		return code(g.value("i"), opBlock, 4, g.within("il", func() []byte { return g.values("l") }), opEnd, opDrop)
	default:
		if t == "i" {
			return code(num(int64(g.choose(3))), opMemoryGrow, 0)
		}
		return g.leaf(t)
	}
}

func (g *generator) leaf(t string) []byte {
	if i := strings.Index(g.locals, t); g.choose(2) == 1 {
		return get(uint32(i))
	}
	n := int64(g.choose(256) - 100)
	switch t {
	case "i":
		return num(n)
	case "l":
		return code(opI64Const, n)
	case "f":
		return code(num(n), 0xb2)
	}
	return code(num(n), 0xb7)
}

// safeOperations gives by result the plain instructions whose result every
// engine agrees on.
var safeOperations = func() map[ValueType][]int {
	m := map[ValueType][]int{}
	for op := range instructions {
		arithmetic := op >= 0x8d && op <= 0x97 || op >= 0x9b && op <= 0xa5
		if in := &instructions[op]; in.valid && !arithmetic && len(in.pushes) == 1 {
			m[in.pushes[0]] = append(m[in.pushes[0]], op)
		}
	}
	return m
}()

func (g *generator) operation(t string) []byte {
	ops := safeOperations[spelled(t)[0]]
	op := ops[g.choose(len(ops))]
	var out []byte
	for _, p := range instructions[op].pops {
		out = append(out, g.value(map[ValueType]string{I32: "i", I64: "l", F32: "f", F64: "d"}[p])...)
	}
	out = append(out, byte(op))
	if instructions[op].access {
		out = code(out, 0, uint32(g.choose(256)))
	}
	return out
}
