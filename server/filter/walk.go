package filter

import "strings"

// macros are PocketBase's identifiers that name a time and no field.
var macros = map[string]bool{
	"@now": true, "@second": true, "@minute": true, "@hour": true, "@weekday": true,
	"@day": true, "@month": true, "@year": true, "@yesterday": true, "@tomorrow": true,
	"@todayStart": true, "@todayEnd": true, "@monthStart": true, "@monthEnd": true,
	"@yearStart": true, "@yearEnd": true,
}

// Fields lists what the filter names, function arguments included: field paths,
// and identifiers with an @ that are not a time. Literals (true, false, null)
// and times are left out.
func (n *Node) Fields() []string {
	var out []string
	n.eachCondition(func(c *Node) {
		out = c.left.fields(out)
		out = c.right.fields(out)
	})
	return out
}

func (o operand) fields(out []string) []string {
	switch o.kind {
	case identifier:
		if !macros[o.literal] && !isConstant(o.literal) {
			out = append(out, o.literal)
		}
	case function:
		for _, a := range o.args {
			out = a.fields(out)
		}
	}
	return out
}

func isConstant(s string) bool {
	return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") || strings.EqualFold(s, "null")
}

// Conditions counts the comparisons, which PocketBase bounds.
func (n *Node) Conditions() int {
	count := 0
	n.eachCondition(func(*Node) { count++ })
	return count
}

func (n *Node) eachCondition(visit func(*Node)) {
	if n == nil {
		return
	}
	if n.group == nil {
		visit(n)
		return
	}
	for _, m := range n.group {
		m.node.eachCondition(visit)
	}
}

// Guard returns the filter with guard joined to every condition that names
// field, as PocketBase does for e-mail addresses that are not visible.
func (n *Node) Guard(field string, guard *Node) *Node {
	if n == nil {
		return nil
	}
	if n.group == nil {
		if n.names(field) {
			return All(n, guard)
		}
		return n
	}
	guarded := &Node{group: make([]member, len(n.group))}
	for i, m := range n.group {
		guarded.group[i] = member{m.join, m.node.Guard(field, guard)}
	}
	return guarded
}

// names tells whether the condition names the field, with or without a
// modifier such as :lower.
func (n *Node) names(field string) bool {
	for _, f := range n.right.fields(n.left.fields(nil)) {
		if base, _, _ := strings.Cut(f, ":"); base == field {
			return true
		}
	}
	return false
}
