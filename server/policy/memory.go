package policy

import (
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// memory is an instance's own, outside of Go's heap: it grows in place, takes
// room only for what is touched, and is no work to the garbage collector when
// it goes.
type memory struct {
	reserved []byte
	mapped   bool
}

// reserve sets addresses aside for as many bytes as there may ever be.
func reserve(_, most uint64) experimental.LinearMemory {
	b, err := syscall.Mmap(-1, 0, int(most), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil { // there may be no more mappings, and the heap does as well
		return &memory{make([]byte, most), false}
	}
	return &memory{b, true}
}

// Reallocate gives so many bytes, of which those that were given before stay.
func (m *memory) Reallocate(size uint64) []byte { return m.reserved[:size] }

// Free ends it with its instance: to read of it from then on is to crash.
func (m *memory) Free() {
	if m.mapped {
		_ = syscall.Munmap(m.reserved) // it is what Mmap gave
	}
	m.reserved = nil
}
