package policy

import (
	"slices"

	"github.com/hapta/hapta/abi"
)

// lesson is what a call of the guest asked and was answered.
type lesson struct {
	tree  *tree
	steps []lessonStep
	fuel  int  // that the steps took, without what the guest did between them
	dead  bool // something was asked that is not remembered
}

type lessonStep struct {
	hostCall
	answer uint64
}

// lesson begins one where there is something to learn and room for it.
func (m *memo) lesson(phase abi.Phase, in *Input) *lesson {
	t := m.tree(phase, in)
	if t == nil || phase == abi.PhasePage {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.questions >= maxQuestions {
		return nil
	}
	return &lesson{tree: t}
}

// note makes a host call and writes it down. Verdicts and masks are not asked
// again: what they come to stands at the end.
func (l *lesson) note(c *call, f *abi.Function, do func(*call, stack), s stack) {
	var given [maxParams]uint64 // the result takes the place of a parameter
	copy(given[:], s[:len(f.Params)])
	before := c.charged
	do(c, s)
	if l.dead || f.Name == "verdict" || f.Name == "mask" {
		return
	}
	step := lessonStep{hostCall: hostCall{function: f, do: do}}
	for i, name := range f.Names {
		switch {
		case name == "ptr" && f.Names[i+1] == "len":
			step.text = string(c.bytes(stack(given[:]).u32(i), stack(given[:]).u32(i+1)))
			l.dead = len(step.text) > maxGiven
		case name == "ptr":
			l.dead = true // the guest reads a text, and what it does next depends on it
		case f.Params[i] == abi.I32:
			step.args[i] = uint64(stack(given[:]).u32(i))
		default:
			step.args[i] = given[i]
		}
	}
	if l.dead {
		return
	}
	if step.way = ways[f.Name]; step.way == wayGet {
		step.name = c.name(stack(given[:]).u32(1))
	}
	if f.Result != abi.None {
		step.answer = s[0]
	}
	l.steps = append(l.steps, step)
	l.fuel += fuelPerCall + c.charged - before
	l.dead = l.dead || len(l.steps) == maxLesson
}

// learn adds what a call asked, was answered and decided.
func (m *memo) learn(l *lesson, d Decision) {
	if len(l.steps) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.questions+len(l.steps) > maxQuestions {
		return
	}
	d.Effects = nil
	end := &ending{d, d.Fuel - int64(l.fuel)}
	q := l.tree.first.Load()
	if q == nil {
		l.tree.first.Store(m.grow(l, 0, end))
		return
	}
	for i := range l.steps {
		step, last := &l.steps[i], i == len(l.steps)-1
		if !q.same(&step.hostCall) {
			break
		}
		a := q.find(step.answer)
		switch {
		case a == nil:
			q.add(m.answer(l, i, end))
			return
		case a.dead, last && (l.dead || a.next == nil):
			return
		case last || a.next == nil:
			l.tree.off.Store(true)
			return
		}
		q = a.next
	}
	// The guest went another way on the same answers, so it is no function of
	// them. None is known that could.
	l.tree.off.Store(true)
}

// grow makes questions of a lesson's steps from i on.
func (m *memo) grow(l *lesson, i int, end *ending) *question {
	q := &question{hostCall: l.steps[i].hostCall}
	q.add(m.answer(l, i, end))
	m.questions++
	return q
}

// answer leads on from step i.
func (m *memo) answer(l *lesson, i int, end *ending) answer {
	a := answer{value: l.steps[i].answer}
	switch {
	case i < len(l.steps)-1:
		a.next = m.grow(l, i+1, end)
	case l.dead:
		a.dead = true
	default:
		a.end = end
	}
	return a
}

// add publishes an answer; those who ask meanwhile see the list with or without it.
func (q *question) add(a answer) {
	var list []answer
	if old := q.answers.Load(); old != nil {
		list = *old
	}
	if len(list) < maxAnswers {
		list = append(slices.Clip(list), a)
		q.answers.Store(&list)
	}
}
