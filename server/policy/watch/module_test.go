package watch

import (
	"slices"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// module is a policy that loads. Each mark makes another version of it.
func module(mark string) []byte {
	const deletes = `{"name":"test","operations":["delete"],"codes":[],"writes":[],"masks":[],` +
		`"always_masked":[],"public":[],"relations":[],"caller":[],"drops":false}`
	return slices.Concat(
		[]byte("\x00asm\x01\x00\x00\x00"),
		section(1, "\x01\x60\x02\x7f\x7f\x00"),                       // (func (param i32 i32))
		section(3, "\x01\x00"),                                       // one of that type
		section(5, "\x01\x01\x01\x01"),                               // memory of one page
		section(7, "\x02\x06memory\x02\x00\x0chapta_before\x00\x00"), // exports
		section(10, "\x01\x02\x00\x0b"),                              // an empty body
		section(0, "\x0ehapta_manifest"+deletes),                     // what it declares
		section(0, "\x04mark"+mark),                                  // what tells versions apart
	)
}

func section(id byte, content string) []byte {
	size := []byte{byte(len(content)&0x7f | 0x80), byte(len(content) >> 7)}
	return slices.Concat([]byte{id}, size, []byte(content))
}

// half is a module whose writer has not got to the end of it.
func half(mark string) []byte {
	whole := module(mark)
	return whole[:len(whole)/2]
}
