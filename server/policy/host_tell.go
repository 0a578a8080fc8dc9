package policy

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/tetratelabs/wazero/api"

	"github.com/hapta/hapta/abi"
)

func logLine(c *call, s stack) {
	c.varies()
	line := c.line(s)
	tell := c.policy.log
	if tell == nil || c.logged == abi.MaxLogLines {
		return
	}
	c.logged++
	tell(c.policy.name, line)
}

func panicWith(c *call, s stack) { panic(&surrender{"panic: " + c.line(s)}) }

// line is a text that is cut and mended rather than refused.
func (c *call) line(s stack) string {
	line := c.bytes(s.u32(0), s.u32(1))
	line = line[:min(len(line), abi.MaxMessage)]
	c.charge(len(line))
	return strings.ToValidUTF8(string(line), "\uFFFD")
}

var abortParams = []abi.Type{abi.I32, abi.I32, abi.I32, abi.I32}

// abortGuest is env.abort, which AssemblyScript calls with a message, a file,
// a line and a column.
func abortGuest(_ context.Context, guest api.Module, slots []uint64) {
	s := stack(slots)
	message, file := scriptString(guest, s.u32(0)), scriptString(guest, s.u32(1))
	if message == "" {
		message = "aborted"
	}
	panic(&surrender{fmt.Sprintf("%s at %s:%d:%d", message, file, s.u32(2), s.u32(3))})
}

// scriptString reads a string of AssemblyScript: UTF-16, its size in bytes in
// the four bytes before it. What cannot be read is empty.
func scriptString(guest api.Module, ptr uint32) string {
	memory := guest.Memory()
	if ptr < 4 || memory == nil {
		return ""
	}
	size, ok := memory.ReadUint32Le(ptr - 4)
	if !ok {
		return ""
	}
	b, ok := memory.Read(ptr, min(size, abi.MaxMessage)&^1)
	if !ok {
		return ""
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
