package cache

import "math"

// LeastSize is what a cache needs at least, in bytes.
const LeastSize = 8 << 20

// freecache spreads its entries over so many slots, and its index has the same room for
// each: as much as the fullest has needed, in powers of two, at indexEntry bytes an entry.
const (
	indexSlots = 256 * 256
	indexEntry = 16
)

// roomFor is how many bytes of the size are left for entries, so that they and the index
// stay within it, even if all are as small as may be.
func roomFor(size int) (room int) {
	for fullest := 4; fullest*indexSlots*indexEntry < size; fullest *= 2 {
		room = max(room, min(size-fullest*indexSlots*indexEntry, roomWithin(fullest)))
	}
	return room
}

// roomWithin is how much the smallest entries may take, so that none of the slots has
// more of them than that: in all but one of a thousand cases.
func roomWithin(fullest int) int {
	load := 0.0 // of a slot, on average
	for step := float64(fullest); step > 0.001; step /= 2 {
		for overfull(load+step, fullest)*indexSlots < 0.001 {
			load += step
		}
	}
	return int(load*indexSlots) * (leastEntry + pieceHeader)
}

// overfull is the chance that a slot has more than its fullest, at an average load. Keys
// are hashed, so loads are Poisson's.
func overfull(load float64, fullest int) float64 {
	chance := 0.0
	term := math.Exp(-load)
	for n := 1; n <= 4*fullest+16; n++ {
		term *= load / float64(n)
		if n > fullest {
			chance += term
		}
	}
	return chance
}
