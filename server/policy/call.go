package policy

import (
	"fmt"
	"unicode/utf8"
	"unsafe"

	"github.com/tetratelabs/wazero/api"
	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
)

// What host functions cost, in the units that the rewriter charges for
// instructions: a call of one is worth some forty of them, and a text is walked
// a few bytes at a time. BenchmarkFuel measures what each buys at its dearest.
const (
	fuelPerCall    = 40
	bytesPerFuel   = 2  // of a text
	fuelPerHandle  = 10 // that is made
	fuelPerKey     = 3  // of an object that is walked through
	keyPerFuel     = 64 // bytes of a key, which is compared with others of its length
	fuelPerItem    = 12 // of what is compared
	fuelPerNumber  = 16 // that is read, and its digits
	fuelPerStep    = 5  // of matching a pattern
	fuelPerEffect  = 80 // and the bytes that it writes
	fuelPerSetName = 16 // a name of a set takes a place in a table
	fuelPerLookup  = 12 // of a name in one
	// The fuel is the guest's global, which is slow to reach from here, so
	// what host calls cost is taken from it in portions of this size.
	fuelPortion = 1000
)

// How much room an instance keeps between calls.
const (
	keptHandles = 8192
	keptDigits  = 1024
)

// call is the state of one call of an export, kept with its instance and used
// again for the next one.
type call struct {
	policy   *Policy
	instance *instance         // nil while a call is remembered
	guest    api.Module        // the instance's module
	function *abi.Function     // the host function of the moment, for messages
	dead     bool              // while remembered: it came to where nothing is
	learned  *lesson           // what is asked and answered, to be remembered; nil: nothing
	given    string            // while remembered: the text that the guest passed
	slots    [maxParams]uint64 // while remembered: parameters and result

	phase   abi.Phase
	input   *Input
	records []Record // of a page

	values   []value
	peak     int                          // the most values there were for a record before
	roots    [abi.RootIncoming + 1]uint32 // handles of roots that were asked for
	arena    fastjson.Arena
	digits   []byte // of the number that is being read
	selected int    // record of the page; -1 before the first
	outcomes []outcome
	effects  []Effect
	nodes    []node
	narrowed node
	sources  []string // where handles came from; while the call is traced
	missing  string   // the name of the last field that was asked for and not there; "" where it is no name
	logged   int
	owed     int // fuel that host calls cost and that is not yet taken
	charged  int // all fuel that host calls cost
	used     int64
}

// outcome is what was decided of a call or of one record of a page.
type outcome struct {
	verdict abi.Verdict // 0 before there is one
	code    uint32
	status  int
	message string
	masks   []string
}

// begin makes the state fresh for a call that decides the given number of times.
func (c *call) begin(phase abi.Phase, in *Input, records []Record, decisions int) {
	c.phase, c.input, c.records = phase, in, records
	c.selected, c.logged, c.owed, c.charged = -1, 0, 0, 0
	if phase != abi.PhasePage {
		c.selected = 0
	}
	for len(c.outcomes) < decisions {
		c.outcomes = append(c.outcomes, outcome{})
	}
	for i := range c.outcomes[:decisions] {
		c.outcomes[i] = outcome{masks: c.outcomes[i].masks[:0]}
	}
}

// end lets go of everything that belongs to the request.
func (c *call) end() {
	if cap(c.values) > keptHandles {
		c.values, c.peak = nil, 0
	}
	if cap(c.digits) > keptDigits {
		c.digits = nil
	}
	clear(c.values[:max(c.peak, len(c.values))])
	clear(c.effects)
	clear(c.nodes)
	c.values, c.effects, c.nodes = c.values[:0], c.effects[:0], c.nodes[:0]
	c.roots, c.peak = [len(c.roots)]uint32{}, 0
	c.arena.Reset()
	c.input, c.records, c.narrowed, c.sources, c.learned, c.given, c.missing = nil, nil, node{}, nil, nil, "", ""
}

// misuse ends the call: the guest broke a rule of the ABI.
func (c *call) misuse(format string, args ...any) {
	panic(&misuse{c.function.Name + ": " + fmt.Sprintf(format, args...)})
}

// charge takes fuel for work that the host does.
func (c *call) charge(units int) {
	c.owed += units
	c.charged += units
	if c.owed < fuelPortion {
		return
	}
	left := c.fuel()
	if c.instance == nil {
		if left < 0 {
			panic(errSpent)
		}
		return
	}
	c.instance.fuel.Set(uint64(left))
	c.owed = 0
	if left < 0 {
		panic(errSpent)
	}
}

// fuel is what is left to the call.
func (c *call) fuel() int64 {
	if c.instance == nil {
		return c.policy.limits.Fuel - int64(c.owed)
	}
	return int64(c.instance.fuel.Get()) - int64(c.owed)
}

// search is what looking for a name among so many costs.
func search(names int, name string) int { return names * (fuelPerKey + len(name)/keyPerFuel) }

// push makes a handle.
func (c *call) push(v value) uint32 {
	c.charge(fuelPerHandle)
	return c.add(v)
}

func (c *call) add(v value) uint32 {
	if len(c.values) == abi.MaxHandles {
		c.misuse("the call has made more than %d handles", abi.MaxHandles)
	}
	c.values = append(c.values, v)
	return uint32(len(c.values))
}

// pushJSON makes a handle, or 0 of what is not there. It is the most frequent
// thing that is done for policies, so the value is made where it stays.
func (c *call) pushJSON(v *fastjson.Value) uint32 {
	if v == nil {
		return 0
	}
	c.charge(fuelPerHandle)
	n := len(c.values)
	if n == cap(c.values) || n == abi.MaxHandles {
		return c.add(valueOf(v))
	}
	c.values = c.values[:n+1]
	w := &c.values[n]
	w.json, w.kind, w.incoming, w.record = v, kinds[v.Type()], false, nil
	if w.kind == abi.KindText {
		w.text = textOf(v)
	}
	return uint32(n + 1)
}

// value resolves a handle. The pointer holds until the next push.
func (c *call) value(handle uint32) *value {
	if handle == 0 {
		return absent
	}
	if int64(handle) > int64(len(c.values)) {
		c.misuse("the handle %d was not given out in this call", handle)
	}
	return &c.values[handle-1]
}

// bytes is a part of the guest's memory, good until the guest runs again.
func (c *call) bytes(ptr, size uint32) []byte {
	if c.instance == nil {
		return unsafe.Slice(unsafe.StringData(c.given), len(c.given))
	}
	b, ok := c.guest.Memory().Read(ptr, size)
	if !ok {
		c.misuse("%d bytes at %d lie outside memory", size, ptr)
	}
	return b
}

// text is a text of the guest, which shares its memory: copy what is kept.
func (c *call) text(ptr, size uint32) string {
	if size > abi.MaxText {
		c.misuse("the text has %d bytes; at most %d are allowed", size, abi.MaxText)
	}
	c.charge(int(size) / bytesPerFuel)
	b := c.bytes(ptr, size)
	if !utf8.Valid(b) {
		c.misuse("the text at %d is not UTF-8", ptr)
	}
	return keyOf(b)
}

// outcome is what is being decided of now.
func (c *call) outcome() *outcome {
	if c.selected < 0 {
		c.misuse("no record of the page is selected")
	}
	return &c.outcomes[c.selected]
}

// stored is the record in question, nil when there is none.
func (c *call) stored() *Record {
	if c.phase != abi.PhasePage {
		return c.input.Stored
	}
	if c.selected < 0 {
		c.misuse("no record of the page is selected")
	}
	return &c.records[c.selected]
}
