package wasm

// appendU32 writes an unsigned LEB128 number.
func appendU32(out []byte, v uint32) []byte {
	for v >= 0x80 {
		out = append(out, byte(v)|0x80)
		v >>= 7
	}
	return append(out, byte(v))
}

// appendSigned writes a signed LEB128 number.
func appendSigned(out []byte, v int64) []byte {
	for v < -64 || v > 63 {
		out = append(out, byte(v)|0x80)
		v >>= 7
	}
	return append(out, byte(v)&0x7f)
}

// appendBytes writes a length and that many bytes.
func appendBytes(out, b []byte) []byte {
	return append(appendU32(out, uint32(len(b))), b...)
}

// withIndex writes an instruction that has one index.
func withIndex(out []byte, op byte, index uint32) []byte {
	return appendU32(append(out, op), index)
}
