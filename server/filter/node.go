package filter

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// PocketBase's own bounds for one filter (tools/search/provider.go).
const (
	MaxLength     = 3500 // bytes
	MaxConditions = 200
)

// ErrLimit says that a filter is larger than PocketBase accepts.
var ErrLimit = fmt.Errorf("the filter is longer than %d bytes or has more than %d conditions", MaxLength, MaxConditions)

// Op is a comparison of PocketBase's filter grammar.
type Op string

const (
	Equal          Op = "="
	NotEqual       Op = "!="
	Greater        Op = ">"
	GreaterOrEqual Op = ">="
	Less           Op = "<"
	LessOrEqual    Op = "<="
	Like           Op = "~"
	NotLike        Op = "!~"

	// These ask whether any of several values compares so.
	AnyEqual          Op = "?="
	AnyNotEqual       Op = "?!="
	AnyGreater        Op = "?>"
	AnyGreaterOrEqual Op = "?>="
	AnyLess           Op = "?<"
	AnyLessOrEqual    Op = "?<="
	AnyLike           Op = "?~"
	AnyNotLike        Op = "?!~"
)

// Node is a condition, or a group of nodes joined by && and ||. Nodes are
// immutable and may be shared.
type Node struct {
	left  operand
	op    Op
	right operand

	group []member // set: a group, and the fields above are unused
}

// member is a node of a group with the join that stands before it. The order
// and the joins are kept as they were written, for PocketBase gives && and ||
// the precedence of SQL.
type member struct {
	join string
	node *Node
}

type operandKind uint8

const (
	identifier operandKind = iota
	text
	number
	function
)

type operand struct {
	kind    operandKind
	literal string
	args    []operand
}

// Value is the right side of a condition that a policy builds.
type Value struct{ operand operand }

func Null() Value { return Value{operand{kind: identifier, literal: "null"}} }

func Bool(b bool) Value {
	return Value{operand{kind: identifier, literal: strconv.FormatBool(b)}}
}

func Number(f float64) Value {
	return Value{operand{kind: number, literal: strconv.FormatFloat(f, 'f', -1, 64)}}
}

func Text(s string) Value { return Value{operand{kind: text, literal: s}} }

// fieldName is what a policy may name: a path of fields with modifiers, and
// nothing that starts with @.
var fieldName = regexp.MustCompile(`^[A-Za-z_]\w*([.:]\w+)*$`)

// Condition compares a field with a value. It refuses names that are no field
// path, numbers that PocketBase has no notation for, and text that not every
// version of PocketBase reads back the same: a backslash, a control character,
// and, where it would act as a wildcard, a percent sign.
func Condition(field string, op Op, v Value) (*Node, error) {
	if !fieldName.MatchString(field) {
		return nil, fmt.Errorf("%q is not the name of a field", field)
	}
	if v.operand.kind == number {
		if f, err := strconv.ParseFloat(v.operand.literal, 64); err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			return nil, errors.New("a number that is not finite cannot stand in a filter")
		}
	}
	if v.operand.kind == text {
		if err := portable(v.operand.literal, op); err != nil {
			return nil, err
		}
	}
	return &Node{left: operand{kind: identifier, literal: field}, op: op, right: v.operand}, nil
}

func portable(s string, op Op) error {
	for _, r := range s {
		if r == '\\' || r < 0x20 || r == 0x7f {
			return fmt.Errorf("the text %.40q has a backslash or a control character, which cannot be bound in a filter", s)
		}
	}
	if (op == Like || op == NotLike || op == AnyLike || op == AnyNotLike) && strings.Contains(s, "%") {
		return fmt.Errorf("the text %.40q has a wildcard, which cannot be bound with %s", s, op)
	}
	return nil
}

// All is every one of the nodes; a nil one is no condition.
func All(nodes ...*Node) *Node { return joined("&&", nodes) }

// Any is at least one of the nodes; a nil one is left out.
func Any(nodes ...*Node) *Node { return joined("||", nodes) }

func joined(join string, nodes []*Node) *Node {
	var group []member
	for _, n := range nodes {
		if n != nil {
			group = append(group, member{join, n})
		}
	}
	switch len(group) {
	case 0:
		return nil
	case 1:
		return group[0].node
	}
	return &Node{group: group}
}
