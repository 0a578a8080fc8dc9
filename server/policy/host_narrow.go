package policy

import (
	"strings"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/filter"
)

// comparisons are PocketBase's operators by the ABI's number.
var comparisons = [...]filter.Op{
	abi.ComparisonEqual:             filter.Equal,
	abi.ComparisonNotEqual:          filter.NotEqual,
	abi.ComparisonGreater:           filter.Greater,
	abi.ComparisonGreaterOrEqual:    filter.GreaterOrEqual,
	abi.ComparisonLess:              filter.Less,
	abi.ComparisonLessOrEqual:       filter.LessOrEqual,
	abi.ComparisonLike:              filter.Like,
	abi.ComparisonNotLike:           filter.NotLike,
	abi.ComparisonAnyEqual:          filter.AnyEqual,
	abi.ComparisonAnyNotEqual:       filter.AnyNotEqual,
	abi.ComparisonAnyGreater:        filter.AnyGreater,
	abi.ComparisonAnyGreaterOrEqual: filter.AnyGreaterOrEqual,
	abi.ComparisonAnyLess:           filter.AnyLess,
	abi.ComparisonAnyLessOrEqual:    filter.AnyLessOrEqual,
	abi.ComparisonAnyLike:           filter.AnyLike,
	abi.ComparisonAnyNotLike:        filter.AnyNotLike,
}

// where answers a condition on the field that the first parameter names, by
// the comparison that the second one does.
func (c *call) where(s stack, v filter.Value) {
	comparison := abi.Comparison(s.u32(1))
	if !comparison.Known() {
		c.misuse("there is no comparison %d", comparison)
	}
	n, err := filter.Condition(c.name(s.u32(0)), comparisons[comparison], v)
	if err != nil {
		c.misuse("%v", err)
	}
	s.answer(c.pushNode(node{n, 1}))
}

// node is a condition, with the number of comparisons in it: nodes may be
// shared, so that a few of them can make a filter of any size.
type node struct {
	filter *filter.Node
	size   int
}

func (c *call) pushNode(n node) uint32 {
	if len(c.nodes) == abi.MaxConditions {
		c.misuse("the call has made more than %d conditions", abi.MaxConditions)
	}
	c.nodes = append(c.nodes, n)
	return uint32(len(c.nodes))
}

func (c *call) node(id uint32) node {
	if id == 0 || int64(id) > int64(len(c.nodes)) {
		c.misuse("%d is not a condition of this call", id)
	}
	return c.nodes[id-1]
}

func whereNull(c *call, s stack) { c.where(s, filter.Null()) }

func whereBool(c *call, s stack) {
	if s.u32(2) > 1 {
		c.misuse("%d is not a boolean", s.u32(2))
	}
	c.where(s, filter.Bool(s.u32(2) == 1))
}

func whereNumber(c *call, s stack) { c.where(s, filter.Number(s.f64(2))) }

func whereText(c *call, s stack) { c.where(s, filter.Text(strings.Clone(c.text(s.u32(2), s.u32(3))))) }

func whereValue(c *call, s stack) {
	switch v := c.value(s.u32(2)); v.kind {
	case abi.KindNull:
		c.where(s, filter.Null())
	case abi.KindBoolean:
		c.where(s, filter.Bool(v.json.GetBool()))
	case abi.KindNumber:
		c.where(s, filter.Number(c.number(v)))
	case abi.KindText:
		c.where(s, filter.Text(strings.Clone(v.text)))
	default:
		c.misuse("a list cannot be narrowed by a value of the kind %s%s", v.kind, c.lacking(v))
	}
}

func allOf(c *call, s stack) {
	s.answer(c.pushNode(c.join(filter.All, c.node(s.u32(0)), c.node(s.u32(1)))))
}

func anyOf(c *call, s stack) {
	s.answer(c.pushNode(c.join(filter.Any, c.node(s.u32(0)), c.node(s.u32(1)))))
}

func narrow(c *call, s stack) { c.narrowed = c.join(filter.All, c.narrowed, c.node(s.u32(0))) }

func (c *call) join(by func(...*filter.Node) *filter.Node, a, b node) node {
	joined := a.size + b.size
	if joined > abi.MaxConditions {
		c.misuse("a condition has more than %d comparisons in it", abi.MaxConditions)
	}
	return node{by(a.filter, b.filter), joined}
}
