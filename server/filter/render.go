package filter

import "strings"

// String renders the tree; every group stands in parentheses of its own.
func (n *Node) String() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *Node) write(b *strings.Builder) {
	if n.group == nil {
		n.left.write(b)
		b.WriteString(" " + string(n.op) + " ")
		n.right.write(b)
		return
	}
	b.WriteByte('(')
	for i, m := range n.group {
		if i > 0 {
			b.WriteString(" " + m.join + " ")
		}
		m.node.write(b)
	}
	b.WriteByte(')')
}

func (o operand) write(b *strings.Builder) {
	switch o.kind {
	case text:
		writeText(b, o.literal)
	case function:
		b.WriteString(o.literal + "(")
		for i, a := range o.args {
			if i > 0 {
				b.WriteString(", ")
			}
			a.write(b)
		}
		b.WriteByte(')')
	default:
		b.WriteString(o.literal)
	}
}

// writeText quotes with the mark that the text does not hold, so that nothing
// has to be escaped; only text with both marks needs \', which every version
// of PocketBase reads back as the mark.
func writeText(b *strings.Builder, s string) {
	switch {
	case !strings.Contains(s, `'`):
		b.WriteString(`'` + s + `'`)
	case !strings.Contains(s, `"`):
		b.WriteString(`"` + s + `"`)
	default:
		b.WriteString(`'` + strings.ReplaceAll(s, `'`, `\'`) + `'`)
	}
}
