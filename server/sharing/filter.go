package sharing

import (
	"strings"

	"github.com/ganigeorgiev/fexpr"
	"github.com/pocketbase/pocketbase/core"

	"github.com/hapta/hapta/server/pocketbase"
)

// naming is the sharing of what an identifier reads, in a filter of c.
type naming func(c *pocketbase.Collection, identifier string) Sharing

// filter is the sharing of whether a row matches a filter, be it a rule or a client's,
// in all but that row. One with a backslash is not understood: versions of PocketBase
// disagree on where its texts end.
func (r *Rules) filter(c *pocketbase.Collection, text string, name naming) Sharing {
	groups, err := fexpr.Parse(text)
	if err != nil || strings.ContainsAny(text, "\\\x00") {
		return r.nobody
	}
	return r.groups(c, groups, name)
}

func (r *Rules) groups(c *pocketbase.Collection, groups []fexpr.ExprGroup, name naming) Sharing {
	out := everyone
	for _, group := range groups {
		switch item := group.Item.(type) {
		case fexpr.Expr:
			out = out.With(r.operand(c, item.Left, name)).With(r.operand(c, item.Right, name))
		case []fexpr.ExprGroup:
			out = out.With(r.groups(c, item, name))
		default:
			return r.nobody
		}
	}
	return out
}

func (r *Rules) operand(c *pocketbase.Collection, token fexpr.Token, name naming) Sharing {
	switch token.Type {
	case fexpr.TokenText, fexpr.TokenNumber:
		return everyone
	case fexpr.TokenFunction:
		return r.call(c, token, name)
	case fexpr.TokenIdentifier:
		if isConstant(token.Literal) {
			return everyone
		}
		return name(c, token.Literal)
	}
	return r.nobody
}

// isConstant tells of names that are no field's. If one were, it would be of the row
// itself.
func isConstant(name string) bool {
	return strings.EqualFold(name, "true") || strings.EqualFold(name, "false") || strings.EqualFold(name, "null")
}

// call knows PocketBase's functions (tools/search/token_functions.go).
func (r *Rules) call(c *pocketbase.Collection, call fexpr.Token, name naming) Sharing {
	args, _ := call.Meta.([]fexpr.Token)
	if call.Literal != "geoDistance" && (call.Literal != "strftime" || !r.formatsDate(c, args)) {
		return r.nobody
	}
	out := everyone
	for _, arg := range args {
		out = out.With(r.operand(c, arg, name))
	}
	return out
}

// formatsDate tells whether strftime is given a date that is stored. SQLite reads
// the clock if there is none, and if there is a text such as "now", which other
// fields and the columns of a view could hold.
func (r *Rules) formatsDate(c *pocketbase.Collection, args []fexpr.Token) bool {
	if len(args) < 2 || args[0].Type != fexpr.TokenText || args[1].Type != fexpr.TokenIdentifier {
		return false
	}
	steps, err := c.Steps(r.schema, args[1].Literal)
	if err != nil {
		return false
	}
	last := steps[len(steps)-1]
	switch last.Collection.Field(last.Field).(type) {
	case *core.DateField, *core.AutodateField:
		return !last.Collection.IsView()
	}
	return false
}
