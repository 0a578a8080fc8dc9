package wasm

// A segment is code that is charged at one point, its start. The point comes
// before the code on every way to it, and every way back to the code passes
// the point again, so no instruction ever runs uncharged.
//
// WebAssembly's control flow is structured, which makes that easy: whatever
// follows a point within the same block, nested blocks included, is reached
// through it only. Blocks inherit the segment they begin in and give it back
// at their end. Function bodies and loops begin segments of their own, for
// they can be entered anew. Everything else that may be skipped, the arms of
// an if and what follows a branch, begins one so that it is not paid for when
// it is not run; if it is small it is paid for with what surrounds it.
type segment struct {
	at     uint32 // offset in the function's code
	parent int32  // the segment it was split from
	fixed  bool   // begins a function or a loop
	cost   uint32
	spare  uint32 // part of cost that may turn out not to be run
}

// slack is how much a segment may charge for code that is then skipped. More
// makes the charge coarser, less makes it dearer: each point costs about as
// much as five simple instructions.
const slack = 32

// mark is a place in a function's code where the rewriter inserts something.
type mark struct {
	at   uint32
	kind markKind
	arg  uint32
}

type markKind byte

const (
	markSegment  markKind = iota // arg: index of the segment that begins
	markCall                     // arg: node of the call graph that is called
	markReturned                 // the same, after the call
	markBulk                     // before an instruction that writes bytes
	markGrow                     // before memory.grow
	markGrown                    // after it
)

func (f *function) begin(at int, parent int32, fixed bool) int32 {
	n := len(f.segments)
	f.segments = append(f.segments, segment{at: uint32(at), parent: parent, fixed: fixed})
	f.marks = append(f.marks, mark{at: uint32(at), kind: markSegment, arg: uint32(n)})
	return int32(n)
}

// merge lets segments take over the small ones that were split from them.
func (f *function) merge() {
	for i := len(f.segments) - 1; i > 0; i-- {
		s := &f.segments[i]
		if s.fixed {
			continue
		}
		p := &f.segments[s.parent]
		if p.spare+s.cost <= slack {
			p.cost += s.cost
			p.spare += s.cost
			s.cost = 0
		}
	}
}
