package cache

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"time"
)

// Answer is what the database said, or what was made of that. It is shared: nobody
// changes any of it.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	// Passing says that it is for those who wait for it, and not kept.
	Passing bool
	Basis
}

// Basis is what an answer stands on.
type Basis struct {
	On    []Slot        // what it depends on
	Since uint64        // the versions' clock before the database was asked
	Born  time.Duration // when that was, by the cache's clock
	TTL   time.Duration // how long it is as good as a new one
}

// Add makes it the basis of what is made of this and another one, which were good after
// b.Since: how old they are does not count. One without a TTL is of nothing yet.
func (b *Basis) Add(other Basis) {
	end := other.Born + other.TTL
	if b.TTL > 0 {
		end = min(end, b.Born+b.TTL)
		other.Born = min(other.Born, b.Born)
	}
	b.On = append(b.On, other.On...)
	b.Born, b.TTL = other.Born, end-other.Born
}

// An entry is encoded as its head, which says all but the body:
//
//	since, born, TTL, stamp  8 bytes each
//	status                   2
//	length of the body       4
//	number of slots          4
//	length of the key        4
//	length of header         4
//	slots (4 each), key, header
//
// and its body, of which a large one goes on in further pieces.
const (
	headLength = 4*8 + 2 + 4*4
	slotLength = 4
)

// head is what stands before the body, read in place.
type head struct {
	since, stamp uint64
	born, ttl    time.Duration
	status       int
	body         int // bytes of it in all
	on, header   []byte
	first        []byte // of the body, or all of it
}

func (a *Answer) appendHead(dst, key, header []byte, stamp uint64) []byte {
	order := binary.LittleEndian
	dst = order.AppendUint64(dst, a.Since)
	dst = order.AppendUint64(dst, uint64(a.Born))
	dst = order.AppendUint64(dst, uint64(a.TTL))
	dst = order.AppendUint64(dst, stamp)
	dst = order.AppendUint16(dst, uint16(a.Status))
	dst = order.AppendUint32(dst, uint32(len(a.Body)))
	dst = order.AppendUint32(dst, uint32(len(a.On)))
	dst = order.AppendUint32(dst, uint32(len(key)))
	dst = order.AppendUint32(dst, uint32(len(header)))
	for _, slot := range a.On {
		dst = order.AppendUint32(dst, uint32(slot))
	}
	return append(append(dst, key...), header...)
}

// readHead reads what appendHead wrote, if it is of this key: two may have one place.
func readHead(raw, key []byte) (h head, ok bool) {
	order := binary.LittleEndian
	if len(raw) < headLength {
		return h, false
	}
	h.since, h.born, h.ttl = order.Uint64(raw), time.Duration(order.Uint64(raw[8:])), time.Duration(order.Uint64(raw[16:]))
	h.stamp, h.status, h.body = order.Uint64(raw[24:]), int(order.Uint16(raw[32:])), int(order.Uint32(raw[34:]))
	slotsEnd := headLength + slotLength*int(order.Uint32(raw[38:]))
	keyEnd := slotsEnd + int(order.Uint32(raw[42:]))
	headerEnd := keyEnd + int(order.Uint32(raw[46:]))
	if headerEnd > len(raw) || !bytes.Equal(raw[slotsEnd:keyEnd], key) {
		return h, false
	}
	h.on, h.header, h.first = raw[headLength:slotsEnd], raw[keyEnd:headerEnd], raw[headerEnd:]
	return h, true
}

// slots are those of the entry, copied.
func (h *head) slots() []Slot {
	out := make([]Slot, len(h.on)/slotLength)
	for i := range out {
		out[i] = Slot(binary.LittleEndian.Uint32(h.on[i*slotLength:]))
	}
	return out
}
