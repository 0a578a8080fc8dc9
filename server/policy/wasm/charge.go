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
	parent uint32 // the segment it was split from
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
	at      uint32
	kind    markKind
	arg     uint32
	segment uint32 // in force
}

type markKind byte

const (
	markSegment  markKind = iota // the segment begins here
	markCall                     // arg: node of the call graph that is called
	markReturned                 // the same, after the call
	markBulk                     // before an instruction that writes bytes
	markGrow                     // before memory.grow
	markGrown                    // after it
	markStore                    // before a store; arg: index in the function's stores
)

// begin begins a segment at an offset of the code, in the innermost block.
func (v *validator) begin(at int, fixed bool) {
	top := v.top()
	segments := &v.f.segments
	*segments = append(*segments, segment{parent: top.segment, fixed: fixed})
	top.segment = uint32(len(*segments) - 1)
	v.mark(at, markSegment, 0)
}

// charge adds to the segment in force, which it splits first where the code
// that follows may be skipped.
func (v *validator) charge(cost uint32) {
	f := v.top()
	if f.dead || f.unreachable {
		return
	}
	if f.split || v.exact {
		f.split = false
		v.begin(v.at, v.exact)
	}
	v.f.segments[f.segment].cost += cost
}

// mark asks the rewriter for something at an offset of the code.
func (v *validator) mark(at int, kind markKind, arg uint32) {
	if f := v.top(); !f.dead && !f.unreachable {
		v.f.marks = append(v.f.marks, mark{
			at: uint32(at), kind: kind, arg: arg, segment: f.segment,
		})
	}
}

// settleCharges moves charges to where they cost least to take: those of small
// functions to their callers, those of small segments to the ones around them.
func (m *Module) settleCharges(slack uint32) {
	borne := m.borneByCallers(slack)
	for i := range m.functions {
		f := &m.functions[i]
		for _, mark := range f.marks {
			if mark.kind == markCall {
				f.segments[mark.segment].cost += borne[mark.arg]
			}
		}
		f.merge(slack)
	}
}

// borneByCallers returns, by node of the call graph, what a call costs on top
// because the callee does not charge for itself: the whole of a function that
// is small, has no loop and calls nothing but the host. Exported functions,
// which the host calls, charge for themselves.
func (m *Module) borneByCallers(slack uint32) []uint32 {
	borne := make([]uint32, len(m.functions)+len(m.types))
	exported := make(map[uint32]bool, len(m.exports))
	for _, e := range m.exports {
		exported[e.Index] = exported[e.Index] || e.Kind == KindFunction
	}
	imports := uint32(len(m.imported))
	for i := range m.functions {
		if f := &m.functions[i]; !exported[imports+uint32(i)] && f.small(slack) {
			borne[i] = f.segments[0].cost
			f.segments[0].cost = 0
		}
	}
	for _, index := range m.elements {
		if index >= imports {
			node := uint32(len(m.functions)) + m.canonical[m.functionTypeIndex(index)]
			borne[node] = max(borne[node], borne[index-imports])
		}
	}
	return borne
}

// small tells whether a function costs at most slack, whatever way it takes,
// and moves all its charges to its first segment if so.
func (f *function) small(slack uint32) bool {
	var total uint32
	for _, s := range f.segments {
		total += s.cost
	}
	for _, m := range f.marks {
		if m.kind != markSegment || f.segments[m.segment].fixed && m.segment > 0 {
			return false
		}
	}
	if total > slack {
		return false
	}
	clear(f.segments[1:])
	f.segments[0].cost = total
	return true
}

// merge lets segments take over the small ones that were split from them.
func (f *function) merge(slack uint32) {
	for i := len(f.segments) - 1; i > 0; i-- {
		s := &f.segments[i]
		p := &f.segments[s.parent]
		if !s.fixed && p.spare+s.cost <= slack {
			p.cost += s.cost
			p.spare += s.cost
			s.cost = 0
		}
	}
}
