package wasm

import (
	"fmt"
	"unicode/utf8"
)

// reader walks over bytes of the module. Its first failure sticks: from then
// on everything reads as zero, so callers check err once after a few steps.
type reader struct {
	data []byte
	at   int
	base int    // offset of data in the module, for messages
	what string // where we are, for messages
	err  error
}

// malformed records that the bytes are no valid WebAssembly.
func (r *reader) malformed(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("not a valid WebAssembly module: %s at byte %d: %s",
			r.what, r.base+r.at, fmt.Sprintf(format, args...))
	}
}

// refuse records that the module is something policies may not be.
func (r *reader) refuse(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *reader) done() bool { return r.err != nil || r.at == len(r.data) }

func (r *reader) byte() byte {
	if r.err != nil || r.at >= len(r.data) {
		r.malformed("ends too early")
		return 0
	}
	r.at++
	return r.data[r.at-1]
}

// take returns the next n bytes without copying them.
func (r *reader) take(n uint32) []byte {
	if r.err != nil || uint64(n) > uint64(len(r.data)-r.at) {
		r.malformed("ends too early")
		return nil
	}
	r.at += int(n)
	return r.data[r.at-int(n) : r.at : r.at]
}

// sub returns a reader over the next n bytes and steps over them.
func (r *reader) sub(n uint32, what string) *reader {
	base := r.base + r.at
	return &reader{data: r.take(n), base: base, what: what, err: r.err}
}

// u32 reads an unsigned LEB128 number of at most five bytes.
func (r *reader) u32() uint32 {
	var v uint32
	for shift := 0; shift < 35; shift += 7 {
		b := r.byte()
		if r.err != nil {
			return 0
		}
		if shift == 28 && b > 0x0f {
			break
		}
		v |= uint32(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
	r.malformed("a number does not fit in 32 bits")
	return 0
}

// signed reads a signed LEB128 number of the given width: 32, 33 or 64 bits.
func (r *reader) signed(bits int) int64 {
	var v int64
	for shift := 0; shift < bits; shift += 7 {
		b := r.byte()
		if r.err != nil {
			return 0
		}
		if left := bits - shift; left < 7 {
			// The bits past the width must repeat the sign.
			if rest := int8(b<<1) >> left; b >= 0x80 || rest != 0 && rest != -1 {
				break
			}
		}
		v |= int64(b&0x7f) << shift
		if b < 0x80 {
			if b&0x40 != 0 && shift+7 < 64 {
				v |= -1 << (shift + 7)
			}
			return v
		}
	}
	r.malformed("a number does not fit in %d bits", bits)
	return 0
}

func (r *reader) name() string {
	b := r.take(r.u32())
	if !utf8.Valid(b) {
		r.malformed("a name is not valid UTF-8")
		return ""
	}
	return string(b)
}

// count reads how many things follow, each of at least one byte.
func (r *reader) count(limit int, things string) int {
	n := r.u32()
	if r.err == nil && uint64(n) > uint64(limit) {
		r.refuse("the module has %d %s; policies may have at most %d", n, things, limit)
		return 0
	}
	if r.err == nil && uint64(n) > uint64(len(r.data)-r.at) {
		r.malformed("%d %s do not fit in the section", n, things)
		return 0
	}
	return int(n)
}
