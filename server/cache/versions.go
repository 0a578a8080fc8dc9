package cache

import (
	"encoding/binary"
	"hash/maphash"
	"sync/atomic"
)

// Slot is something that can change: a record, the rows of a collection, a
// collection as a whole. Few share one by chance, and then a change of one counts
// for the others too.
type Slot uint32

// slotCount keeps 2 MiB of versions; among 1,000 busy things, one in 260 others
// shares a slot with one of them.
const slotCount = 1 << 18

// everything is the slot that all answers depend on.
const everything Slot = 0

// versions tell what has changed since when, by a clock that counts changes.
type versions struct {
	clock atomic.Uint64
	seed  maphash.Seed
	slots [slotCount]atomic.Uint64 // when each changed last
}

func newVersions() *versions { return &versions{seed: maphash.MakeSeed()} }

func (v *versions) now() uint64 { return v.clock.Load() }

// touch says that all of these have changed, up to now. Whoever reads from here on
// reads what they are now.
func (v *versions) touch(these ...Slot) {
	now := v.clock.Add(1)
	for _, s := range these {
		slot := &v.slots[s]
		for was := slot.Load(); was < now && !slot.CompareAndSwap(was, now); {
			was = slot.Load()
		}
	}
}

// changed tells whether any of these, or everything, has changed after a moment.
func (v *versions) changed(after uint64, these []Slot) bool {
	if v.slots[everything].Load() > after {
		return true
	}
	for _, s := range these {
		if v.slots[s].Load() > after {
			return true
		}
	}
	return false
}

// The kinds of slots.
const (
	ofWhole = iota
	ofRows
	ofRecord
)

// outdated is changed for an entry that is read in place.
func (v *versions) outdated(h *head) bool {
	if v.slots[everything].Load() > h.since {
		return true
	}
	for on := h.on; len(on) > 0; on = on[slotLength:] {
		if v.slots[binary.LittleEndian.Uint32(on)].Load() > h.since {
			return true
		}
	}
	return false
}

func (v *versions) slot(kind byte, collection, record string) Slot {
	var h maphash.Hash
	h.SetSeed(v.seed)
	_ = h.WriteByte(kind) // maphash never fails
	_, _ = h.WriteString(collection)
	_ = h.WriteByte(0)
	_, _ = h.WriteString(record)
	return Slot(h.Sum64()%(slotCount-1)) + 1
}
