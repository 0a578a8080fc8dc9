package filter

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ganigeorgiev/fexpr"
)

// Parse reads a filter that a client sent, by PocketBase's own grammar. Text
// with a backslash or a NUL is refused: versions of PocketBase disagree on how
// to read it, so that what was checked could differ from what runs.
func Parse(s string) (*Node, error) {
	if len(s) > MaxLength {
		return nil, ErrLimit
	}
	if strings.ContainsRune(s, 0) {
		return nil, errors.New("a filter cannot contain a NUL character")
	}
	groups, err := fexpr.Parse(s)
	if err != nil {
		return nil, fmt.Errorf("the filter does not parse: %w", err)
	}
	n, err := fromGroups(groups)
	if err != nil {
		return nil, err
	}
	if n.Conditions() > MaxConditions {
		return nil, ErrLimit
	}
	return n, nil
}

func fromGroups(groups []fexpr.ExprGroup) (*Node, error) {
	n := &Node{group: make([]member, 0, len(groups))}
	for _, g := range groups {
		child, err := fromItem(g.Item)
		if err != nil {
			return nil, err
		}
		n.group = append(n.group, member{string(g.Join), child})
	}
	return n, nil
}

func fromItem(item any) (*Node, error) {
	switch item := item.(type) {
	case fexpr.Expr:
		left, err := fromToken(item.Left)
		if err != nil {
			return nil, err
		}
		right, err := fromToken(item.Right)
		if err != nil {
			return nil, err
		}
		return &Node{left: left, op: Op(item.Op), right: right}, nil
	case []fexpr.ExprGroup:
		return fromGroups(item)
	}
	return nil, fmt.Errorf("the filter does not parse: unexpected %T", item)
}

func fromToken(t fexpr.Token) (operand, error) {
	switch t.Type {
	case fexpr.TokenIdentifier:
		if isConstant(t.Literal) { // as written, it could be the name of a field as well
			return operand{kind: identifier, literal: strings.ToLower(t.Literal)}, nil
		}
		return operand{kind: identifier, literal: t.Literal}, nil
	case fexpr.TokenNumber:
		return operand{kind: number, literal: t.Literal}, nil
	case fexpr.TokenText:
		if strings.ContainsRune(t.Literal, '\\') {
			return operand{}, errors.New("a filter here cannot compare with text that has a backslash")
		}
		return operand{kind: text, literal: t.Literal}, nil
	case fexpr.TokenFunction:
		return fromCall(t)
	}
	return operand{}, fmt.Errorf("the filter does not parse: unexpected %s", t.Type)
}

func fromCall(t fexpr.Token) (operand, error) {
	call := operand{kind: function, literal: t.Literal}
	args, _ := t.Meta.([]fexpr.Token)
	for _, a := range args {
		arg, err := fromToken(a)
		if err != nil {
			return operand{}, err
		}
		call.args = append(call.args, arg)
	}
	return call, nil
}
