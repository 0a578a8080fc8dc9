package cache

import (
	"encoding/binary"
	"errors"
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/coocood/freecache"
)

// store keeps entries in freecache, which bounds them by bytes and lets go of what
// was used least recently.
//
// freecache finds an entry by a hash without a key, and its index grows by the
// fullest of many small parts: whoever can choose keys that meet in one part would
// have it grow without bound. So it is given keyed hashes, and the keys themselves
// stand in the entries.
type store struct {
	kept    *freecache.Cache
	seed    maphash.Seed
	headers headers
	most    int           // bytes of one piece: freecache takes no more
	stamp   atomic.Uint64 // of the last entry that was cut into pieces
	refused atomic.Int64  // entries that were too large
}

const (
	pieceHeader = 24 + len(place{}) // what freecache adds to each
	stampLength = 8                 // of a further piece, which says whose it is
	maxPieces   = 32                // of an entry: with more, some of them would push out others
	leastEntry  = 512               // smaller ones take as much; see roomFor
)

func newStore(size int) *store {
	room := roomFor(max(size, LeastSize))
	return &store{kept: freecache.NewCache(room), seed: maphash.MakeSeed(), most: room/1024 - pieceHeader}
}

// place is where a piece is kept: the hash of the entry's key, and the number of the
// piece.
type place [16]byte

func (s *store) place(key []byte) (p place) {
	binary.LittleEndian.PutUint64(p[:8], maphash.Bytes(s.seed, key))
	return p
}

func (p place) piece(i int) place {
	binary.LittleEndian.PutUint64(p[8:], uint64(i))
	return p
}

// put keeps an entry for so long, and tells whether it is not too large. The piece with
// its head is the last to be there.
func (s *store) put(key []byte, a *Answer, long time.Duration) bool {
	header := encodeHeader(a.Header)
	before := headLength + slotLength*len(a.On) + len(key) + len(header) // the body
	if before > s.most || before+len(a.Body) > s.most*maxPieces {
		return false
	}
	seconds := int(long/time.Second) + 1 // freecache counts whole ones
	p, stamp := s.place(key), s.stamp.Add(1)
	first := min(len(a.Body), s.most-before)
	for i, rest := 1, a.Body[first:]; len(rest) > 0; i++ {
		n := min(len(rest), s.most-stampLength)
		s.set(p.piece(i), append(binary.LittleEndian.AppendUint64(make([]byte, 0, stampLength+n), stamp), rest[:n]...), seconds)
		rest = rest[n:]
	}
	raw := make([]byte, 0, max(before+first, leastEntry))
	raw = append(a.appendHead(raw, key, header, stamp), a.Body[:first]...)
	return s.set(p, raw[:cap(raw)], seconds)
}

func (s *store) set(p place, piece []byte, seconds int) bool {
	return s.kept.Set(p[:], piece, seconds) == nil
}

// get finds the entry of a key, if it is wanted, which is asked before it is copied.
// The slots that it depends on are left out unless they are asked for.
func (s *store) get(key []byte, withSlots bool, wanted func(head) bool) (a Answer, found bool) {
	p := s.place(key)
	var stamp uint64
	found = s.kept.GetFn(p[:], func(piece []byte) error {
		h, ok := readHead(piece, key)
		if !ok || !wanted(h) {
			return errNotThis
		}
		stamp = h.stamp
		a = Answer{Status: h.status, Header: s.headers.of(h.header), Basis: Basis{Since: h.since, Born: h.born, TTL: h.ttl}}
		if withSlots {
			a.On = h.slots()
		}
		a.Body = append(make([]byte, 0, h.body), h.first[:min(len(h.first), h.body)]...)
		return nil
	}) == nil
	for i := 1; found && len(a.Body) < cap(a.Body); i++ {
		at := p.piece(i)
		found = s.kept.GetFn(at[:], func(piece []byte) error {
			if binary.LittleEndian.Uint64(piece) != stamp {
				return errNotThis
			}
			a.Body = append(a.Body, piece[stampLength:]...)
			return nil
		}) == nil
	}
	return a, found
}

var errNotThis = errors.New("not what is looked for")
