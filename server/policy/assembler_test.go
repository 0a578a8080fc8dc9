package policy

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
)

// program is a policy written by hand for one test. It imports every function
// of the ABI, and env.abort after them. Texts, names, sets and codes get their
// place when they are first used.
type program struct {
	manifest string
	exports  map[string]ops  // by name; with locals i32
	memory   [2]uint32       // pages: least and, unless 0, most
	globals  int             // mutable i32 globals, from index 0, of value 7
	exported bool            // the globals are exported
	locals   []byte          // what every function declares; nil: four i32
	passive  []byte          // data segment 1; nil: there is none
	sections map[byte][]byte // payloads by id in place of its own; empty: left out
	rest     []byte          // what follows the last section

	data  []byte
	names []string
	sets  [][]string
	codes []string
}

// ops is a piece of a function's body.
type ops []byte

const locals = 4 // extra i32 locals that every function has

func (p *program) build() []byte {
	bodies := map[string]ops{"hapta_init": p.init()}
	for name, body := range p.exports {
		bodies[name] = append(bodies[name], body...)
	}
	names := make([]string, 0, len(bodies)+1)
	for name := range bodies {
		names = append(names, name)
	}
	slices.Sort(names)

	declared := p.locals
	if declared == nil {
		declared = slices.Concat([]byte{1}, uleb(locals), []byte{byte(abi.I32)})
	}
	var types, imports, functions, exports, code, globals [][]byte
	for i, f := range append(slices.Clone(abi.Functions), abi.Function{Name: "abort", Params: abortParams}) {
		module := abi.Module
		if f.Name == "abort" {
			module = "env"
		}
		types = append(types, funcType(f.Params, f.Result))
		imports = append(imports, slices.Concat(text(module), text(f.Name), []byte{0}, uleb(i)))
	}
	for i, name := range names {
		params := 0
		for _, e := range abi.Exports {
			if e.Name == name {
				params = e.Params
			}
		}
		types = append(types, funcType(slices.Repeat([]abi.Type{abi.I32}, params), abi.None))
		functions = append(functions, uleb(len(imports)+i))
		exports = append(exports, slices.Concat(text(name), []byte{0}, uleb(len(imports)+i)))
		code = append(code, sized(declared, bodies[name], end()))
	}
	exports = append(exports, append(text("memory"), 2, 0))
	for i := range p.globals {
		globals = append(globals, []byte{byte(abi.I32), 1, 0x41, 7, 0x0b})
		if p.exported {
			exports = append(exports, slices.Concat(text("global"+string(rune('0'+i))), []byte{3}, uleb(i)))
		}
	}
	memory := append([]byte{0}, uleb(int(max(1, p.memory[0])))...)
	if p.memory[1] > 0 {
		memory = append(append([]byte{1}, uleb(int(max(1, p.memory[0])))...), uleb(int(p.memory[1]))...)
	}
	data := [][]byte{slices.Concat([]byte{0}, i32(1024), end(), sized(p.data))}
	var count []byte
	if p.passive != nil {
		data = append(data, slices.Concat([]byte{1}, sized(p.passive)))
		count = uleb(len(data))
	}
	payloads := map[byte][]byte{
		1: vec(types...), 2: vec(imports...), 3: vec(functions...), 4: vec([]byte{0x70, 0, 1}), 5: vec(memory),
		6: vec(globals...), 7: vec(exports...), 12: count, 10: vec(code...), 11: vec(data...),
		0: slices.Concat(text(abi.ManifestSection), []byte(p.manifest)),
	}
	maps.Copy(payloads, p.sections)
	b := []byte(header)
	for _, id := range []byte{1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11, 0} { // the order they must come in
		if payload := payloads[id]; len(payload) > 0 {
			b = append(b, rawSection(id, payload)...)
		}
	}
	return append(b, p.rest...)
}

// init interns everything that the program used.
func (p *program) init() ops {
	var body ops
	for _, n := range p.names {
		body = append(body, seq(p.text(n), host("name"), drop())...)
	}
	for _, set := range p.sets {
		ids := make([]byte, 0, 4*len(set))
		for _, n := range set {
			ids = binary.LittleEndian.AppendUint32(ids, uint32(slices.Index(p.names, n)+1))
		}
		body = append(body, seq(i32(p.place(ids)), i32(len(set)), host("name_set"), drop())...)
	}
	for _, c := range p.codes {
		body = append(body, seq(p.text(c), host("code"), drop())...)
	}
	return body
}

func (p *program) place(b []byte) int {
	at := 1024 + len(p.data)
	p.data = append(p.data, b...)
	return at
}

// text pushes address and length of a text.
func (p *program) text(s string) ops { return seq(i32(p.place([]byte(s))), i32(len(s))) }

// name pushes the id of a name.
func (p *program) name(s string) ops { return i32(intern(&p.names, s)) }

// code pushes the id of a code.
func (p *program) code(s string) ops { return i32(intern(&p.codes, s)) }

// set pushes the id of a set.
func (p *program) set(names ...string) ops {
	for _, n := range names {
		intern(&p.names, n)
	}
	i := slices.IndexFunc(p.sets, func(set []string) bool { return slices.Equal(set, names) })
	if i < 0 {
		p.sets = append(p.sets, names)
		i = len(p.sets) - 1
	}
	return i32(i + 1)
}

func intern(list *[]string, s string) int {
	i := slices.Index(*list, s)
	if i < 0 {
		*list = append(*list, s)
		i = len(*list) - 1
	}
	return i + 1
}

// field pushes the handle of a field of a root.
func (p *program) field(r abi.Root, name string) ops {
	return seq(i32(int(r)), host("root"), p.name(name), host("get"))
}

func (p *program) allow() ops {
	return seq(i32(int(abi.VerdictAllow)), i32(0), i32(0), i32(0), i32(0), host("verdict"))
}

func (p *program) refuse(code, message string) ops {
	return seq(i32(int(abi.VerdictRefuse)), p.code(code), i32(0), p.text(message), host("verdict"))
}

func seq(parts ...ops) ops { return slices.Concat(parts...) }

func op(b ...byte) ops    { return b }
func drop() ops           { return op(0x1a) }
func leave() ops          { return op(0x0f) }
func unreachable() ops    { return op(0x00) }
func end() ops            { return op(0x0b) }
func add() ops            { return op(0x6a) }
func same() ops           { return op(0x46) }
func i32(n int) ops       { return append(op(0x41), sleb(int64(int32(n)))...) }
func local(n int) ops     { return append(op(0x20), uleb(n)...) }
func setLocal(n int) ops  { return append(op(0x21), uleb(n)...) }
func global(n int) ops    { return append(op(0x23), uleb(n)...) }
func setGlobal(n int) ops { return append(op(0x24), uleb(n)...) }
func load32(at int) ops   { return append(i32(at), 0x28, 2, 0) }
func store(at int, v ops) ops {
	return seq(i32(at), v, op(0x36, 2, 0))
}
func f64(n float64) ops {
	return binary.LittleEndian.AppendUint64(op(0x44), math.Float64bits(n))
}
func when(then ...ops) ops   { return seq(op(0x04, 0x40), seq(then...), end()) }
func loop(body ...ops) ops   { return seq(op(0x03, 0x40), seq(body...), end()) }
func again() ops             { return op(0x0c, 0) } // in a loop's body itself
func againIf() ops           { return op(0x0d, 0) }
func grow(pages int) ops     { return seq(i32(pages), op(0x40, 0)) }
func function(index int) ops { return append(op(0x10), uleb(index)...) }
func ownFunction(n int) ops  { return function(len(abi.Functions) + 1 + n) } // by the order of names
func abortWith(args ...int) ops {
	var c ops
	for _, a := range args {
		c = append(c, i32(a)...)
	}
	return seq(c, function(len(abi.Functions)))
}

// call_ calls a host function.
func host(name string) ops {
	i := slices.IndexFunc(abi.Functions, func(f abi.Function) bool { return f.Name == name })
	if i < 0 {
		panic("the ABI has no function " + name)
	}
	return function(i)
}

func funcType(params []abi.Type, result abi.Type) []byte {
	b := append([]byte{0x60}, uleb(len(params))...)
	for _, t := range params {
		b = append(b, byte(t))
	}
	if result == abi.None {
		return append(b, 0)
	}
	return append(b, 1, byte(result))
}

// header begins every module.
const header = "\x00asm\x01\x00\x00\x00"

func rawSection(id byte, payload []byte) []byte { return append([]byte{id}, sized(payload)...) }

func vec(items ...[]byte) []byte { return append(uleb(len(items)), slices.Concat(items...)...) }

// sized is what the parts are together, behind its length.
func sized(parts ...[]byte) []byte {
	b := slices.Concat(parts...)
	return append(uleb(len(b)), b...)
}

func text(s string) []byte { return sized([]byte(s)) }

func uleb(n int) []byte { return binary.AppendUvarint(nil, uint64(n)) }

func sleb(n int64) (b []byte) {
	for {
		low := byte(n & 0x7f)
		n >>= 7
		if n == 0 && low < 0x40 || n == -1 && low >= 0x40 {
			return append(b, low)
		}
		b = append(b, low|0x80)
	}
}

// manifestOf writes a manifest with the operations and further members.
func manifestOf(operations string, more ...string) string {
	quoted := `"` + strings.Join(strings.Fields(operations), `","`) + `"`
	members := append([]string{`"name":"test"`, `"operations":[` + quoted + `]`, `"codes":["failed","other"]`}, more...)
	return "{" + strings.Join(members, ",") + "}"
}
