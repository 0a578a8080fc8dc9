package author

import (
	"encoding/binary"
	"slices"

	"github.com/hapta/hapta/abi"
)

// judging is what a function of a module written by hand does with a record. The
// SDKs make both exports of one function, so none of theirs can part.
type judging struct {
	verdict abi.Verdict
	code    byte // 1: one, 2: other; 0: none
	masks   bool // the field bio
}

// handmade is a policy that judges a record alone in one way and the records of a
// page in others; of no page it has no hapta_page.
func handmade(alone judging, page ...judging) []byte {
	names := []string{"name", "code", "select", "verdict", "mask"}
	var imports [][]byte
	for kind, name := range names {
		imports = append(imports, slices.Concat(sized([]byte(abi.Module)), sized([]byte(name)), []byte{0, []byte{0, 0, 1, 2, 1}[kind]}))
	}
	exports := [][]byte{append(sized([]byte("memory")), 2, 0), append(sized([]byte("hapta_init")), 0, 5), append(sized([]byte("hapta_record")), 0, 6)}
	functions := [][]byte{{3}, {4}}
	const drop = 0x1a
	code := [][]byte{
		body([]byte{0x41, 0, 0x41, 3, 0x10, 0, drop, 0x41, 3, 0x41, 3, 0x10, 1, drop, 0x41, 6, 0x41, 5, 0x10, 1, drop}),
		body(alone.ops()),
	}
	if len(page) > 0 {
		var all []byte
		for i, j := range page {
			all = slices.Concat(all, []byte{0x41, byte(i), 0x10, 2}, j.ops())
		}
		exports = append(exports, append(sized([]byte("hapta_page")), 0, 7))
		functions = append(functions, []byte{5})
		code = append(code, body(all))
	}
	const i32 = 0x7f
	types := [][]byte{
		{0x60, 2, i32, i32, 1, i32}, {0x60, 1, i32, 0}, {0x60, 5, i32, i32, i32, i32, i32, 0},
		{0x60, 0, 0}, {0x60, 2, i32, i32, 0}, {0x60, 3, i32, i32, i32, 0},
	}
	manifest := `{"name":"posts","operations":["view"],"codes":["one","other"],"masks":["bio"]}`
	module := []byte("\x00asm\x01\x00\x00\x00")
	for _, section := range []struct {
		id      byte
		content []byte
	}{
		{1, vec(types...)}, {2, vec(imports...)}, {3, vec(functions...)}, {5, vec([]byte{0, 1})}, {7, vec(exports...)}, {10, vec(code...)},
		{11, vec(slices.Concat([]byte{0, 0x41, 0, 0x0b}, sized([]byte("bioone"+"other"))))},
		{0, slices.Concat(sized([]byte(abi.ManifestSection)), []byte(manifest))},
	} {
		module = slices.Concat(module, []byte{section.id}, sized(section.content))
	}
	return module
}

// ops are instructions: constants, and calls of what handmade imports.
func (j judging) ops() (ops []byte) {
	if j.masks {
		ops = append(ops, 0x41, 1, 0x10, 4)
	}
	return append(ops, 0x41, byte(j.verdict), 0x41, j.code, 0x41, 0, 0x41, 0, 0x41, 0, 0x10, 3)
}

func body(ops []byte) []byte { return sized(slices.Concat([]byte{0}, ops, []byte{0x0b})) }

func vec(items ...[]byte) []byte {
	return append(binary.AppendUvarint(nil, uint64(len(items))), slices.Concat(items...)...)
}

func sized(b []byte) []byte { return append(binary.AppendUvarint(nil, uint64(len(b))), b...) }
