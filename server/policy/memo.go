package policy

import (
	"sync"
	"sync/atomic"

	"github.com/hapta/hapta/abi"
)

// A call begins in the same state each time, and all that it learns of the world
// are the answers to its host calls. So what it asks next, and in the end what
// it decides, is a function of the answers so far. A memo keeps that as trees:
// questions, and for each answer the question that follows. A later call whose
// answers lead to the end of one is decided without entering the guest, which
// costs several times what its questions do.
//
// Only answers that are numbers are kept: handles, booleans, kinds, sizes. A
// call that reads a text goes on to depend on it, and is never remembered past
// that point.

// Bounds of a memo: what a policy with more ways than these costs is time, never
// another decision.
const (
	maxQuestions = 1024 // of one policy
	maxAnswers   = 32   // of one question
	maxLesson    = 64   // questions of one call
	maxGiven     = 256  // bytes of a text that the guest passes
	maxMisses    = 1000 // and more misses than hits: it is not asked any more
)

// memo is what a version of a policy has been seen to do.
type memo struct {
	trees [abi.PhasePage + 1][abi.OperationDelete + 1][abi.ReasonRealtime + 1]tree
	calls sync.Pool // of *call, for recalling
	off   bool

	mu        sync.Mutex
	questions int
}

// tree is what calls of one phase, operation and reason ask.
type tree struct {
	first        atomic.Pointer[question]
	hits, misses atomic.Int64
	off          atomic.Bool // the guest was seen to answer to more than answers
}

// question is a host call that the guest makes after certain answers.
type question struct {
	hostCall
	answers atomic.Pointer[[]answer]
}

// hostCall is a host call without what came of it.
type hostCall struct {
	function *abi.Function
	do       func(*call, stack)
	args     [maxParams]uint64 // without addresses
	text     string            // that the guest passes
	way      way
	name     string // of the field that get asks for
}

// way is how a host call is made again: those that most calls consist of have
// short ones.
type way byte

const (
	wayPlain way = iota
	wayRoot
	wayGet
	wayKind
	wayBoolean
	wayEquals
)

var ways = map[string]way{"root": wayRoot, "get": wayGet, "kind": wayKind, "boolean": wayBoolean, "equals": wayEquals}

func (a *hostCall) same(b *hostCall) bool {
	return a.function == b.function && a.args == b.args && a.text == b.text
}

// maxParams is the most parameters that a host function has.
const maxParams = 5

// answer leads to the next question, or to the end of the call.
type answer struct {
	value uint64
	next  *question
	end   *ending
	dead  bool // what follows is not remembered
}

// ending is what a call came to.
type ending struct {
	decision Decision // but for effects and filter, which hold values
	guest    int64    // fuel that the guest took; what its questions take depends on values, too
}

// tree is the one for a call, nil where nothing is remembered.
func (m *memo) tree(phase abi.Phase, in *Input) *tree {
	if m.off || in.Trace != nil || int(in.Reason) >= len(m.trees[0][0]) || int(in.Operation) >= len(m.trees[0]) {
		return nil
	}
	t := &m.trees[phase][in.Operation][in.Reason]
	if misses := t.misses.Load(); t.off.Load() || misses > maxMisses && misses > t.hits.Load() {
		return nil
	}
	return t
}

// call is a call to recall with.
func (m *memo) call(p *Policy) *call {
	if c, ok := m.calls.Get().(*call); ok {
		return c
	}
	return &call{policy: p}
}

// find is the answer of this value, nil when there has been none.
func (q *question) find(value uint64) *answer {
	list := q.answers.Load()
	if list == nil {
		return nil
	}
	for i := range *list {
		if a := &(*list)[i]; a.value == value {
			return a
		}
	}
	return nil
}
