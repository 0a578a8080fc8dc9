package policy

import (
	"errors"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/filter"
)

// recall decides a call without the guest, if the same answers have led to a
// decision before. Where they have not, it tells whether there is something to
// learn. The error is ErrWithheld.
func (p *Policy) recall(phase abi.Phase, in *Input) (d Decision, n *filter.Node, ok, learn bool, err error) {
	t := p.memo.tree(phase, in)
	if t == nil || p.users.Load() == 0 {
		return d, nil, false, false, nil
	}
	c := p.memo.call(p)
	defer p.memo.calls.Put(c)
	end, err := c.recall(t, phase, in)
	if end != nil {
		t.hits.Add(1)
		d, n = c.allowed(end.decision)
		d.Fuel = end.guest + int64(c.owed)
	} else {
		t.misses.Add(1)
	}
	learn = !c.dead
	c.end()
	return d, n, end != nil, learn, err
}

// recall is what the call comes to, but for effects and filter, which are in c;
// nil when that is not known, or when the guest would run out of fuel on the way
// there. The error is ErrWithheld.
func (c *call) recall(t *tree, phase abi.Phase, in *Input) (*ending, error) {
	c.phase, c.input, c.owed, c.logged, c.dead = phase, in, 0, 0, false
	first := t.first.Load()
	if first == nil {
		return nil, nil
	}
	end, err := c.follow(first)
	if end == nil {
		return nil, err
	}
	fuel := end.guest + int64(c.owed)
	if fuel > in.Budget.grant(c.policy.limits) {
		return nil, nil
	}
	in.Budget.spend(fuel)
	return end, nil
}

// again makes the call ready for another record of the same request.
func (c *call) again() {
	c.peak = max(c.peak, len(c.values))
	c.values = c.values[:0]
	c.roots = [len(c.roots)]uint32{}
}

// follow asks questions in place of the guest, until one is answered as never
// before (nil) or the call has come to its end. A question that traps is left to
// the guest, too.
func (c *call) follow(q *question) (end *ending, err error) {
	defer func() {
		if r := recover(); r != nil {
			end, err = nil, c.unlessGuests(r)
		}
	}()
	for {
		a := q.find(c.answer(q))
		switch {
		case a == nil:
			return nil, nil
		case a.dead:
			c.dead = true
			return nil, nil
		case a.next == nil:
			return a.end, nil
		}
		q = a.next
	}
}

// answer makes a host call, by the short way where that does the same.
func (c *call) answer(q *question) uint64 {
	c.owed += fuelPerCall
	switch q.way {
	case wayRoot:
		if handle := c.roots[q.args[0]]; handle > 0 {
			return uint64(handle)
		}
	case wayGet:
		if handle := q.args[0]; handle > 0 {
			if v := &c.values[handle-1]; v.kind == abi.KindObject && !v.incoming {
				o := v.json.GetObject()
				if field := o.Get(q.name); field != nil {
					c.owed += search(o.Len(), q.name)
					return uint64(c.pushJSON(field))
				}
			}
		}
	case wayKind:
		if handle := q.args[0]; handle > 0 {
			return uint64(c.values[handle-1].kind)
		}
	case wayBoolean:
		if handle := q.args[0]; handle > 0 {
			if v := &c.values[handle-1]; v.kind == abi.KindBoolean {
				return truth(v.json.Type() == fastjson.TypeTrue)
			}
		}
	case wayEquals:
		if one, other := q.args[0], q.args[1]; one > 0 && other > 0 {
			if v, w := &c.values[one-1], &c.values[other-1]; v.kind == abi.KindText && w.kind == abi.KindText {
				if len(v.text) != len(w.text) {
					return 0
				}
				c.owed += len(v.text) / bytesPerFuel
				return truth(v.text == w.text)
			}
		}
	}
	c.slots = q.args
	c.function, c.given = q.function, q.text
	q.do(c, c.slots[:])
	if q.function.Result == abi.None {
		return 0
	}
	return c.slots[0]
}

func truth(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// unlessGuests panics again, unless it was for what the guest does wrong, which
// it is left to do itself, or for what was withheld.
func (c *call) unlessGuests(r any) error {
	err, _ := r.(error)
	var wrong *misuse
	switch {
	case errors.Is(err, ErrWithheld):
		c.policy.asksForWithheld.Store(true)
		return ErrWithheld
	case errors.As(err, &wrong), errors.Is(err, errSpent):
		return nil
	}
	panic(r)
}
