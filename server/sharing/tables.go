package sharing

import "strings"

// tables reads the query of a view from its beginning.
type tables struct {
	found []string
	open  []clause // within so many parentheses
}

// clause is where a query stands between two parentheses.
type clause struct {
	from bool // among the tables of a FROM
	due  bool // before the name of a table, or what stands in its place
}

// tablesOf lists the tables that the query of a view reads, and tells whether
// that is all its rows are made of. PocketBase's own reading of such a query is
// for the types of columns: it is unexported, and sees no subquery (core/view.go,
// identifiersParser).
//
// Every name behind FROM, JOIN or a comma between tables is one. A query is not
// understood if it calls what may read a clock or chance, or may name tables in a
// way that is not looked for here.
func tablesOf(query string) (found []string, ok bool) {
	lexemes, ok := lex(strings.Trim(strings.TrimSpace(query), ";"))
	if !ok {
		return nil, false
	}
	t := tables{open: []clause{{}}}
	for i, l := range lexemes {
		var next lexeme
		if i+1 < len(lexemes) {
			next = lexemes[i+1]
		}
		if !t.take(l, next) {
			return nil, false
		}
	}
	return t.found, len(t.open) == 1 && !t.open[0].due
}

// take reads one lexeme more, and tells whether it is understood.
func (t *tables) take(l, next lexeme) bool {
	at, word := &t.open[len(t.open)-1], l.keyword()
	switch {
	case l.is("("):
		inner := clause{from: at.due, due: at.due}
		at.due = false
		t.open = append(t.open, inner)
	case l.is(")"):
		t.open = t.open[:len(t.open)-1]
		return !at.due && len(t.open) > 0
	case l.is(","):
		at.due = at.from
	case word == "from" || word == "join":
		at.from, at.due = true, true
	case ends[word]:
		*at = clause{}
	case at.due:
		at.due = false
		return t.table(l, next)
	case word == "in":
		return next.is("(") // else a table's name may follow
	case next.is("("):
		return callable[strings.ToLower(l.text)] || l.kind == sign
	}
	return !refused[word]
}

func (t *tables) table(l, next lexeme) bool {
	switch {
	case l.kind != name || next.is("."): // a name in another database
		return false
	case next.is("("):
		return tableFunctions[strings.ToLower(l.text)]
	}
	t.found = append(t.found, l.text)
	return true
}

// ends are the words that end a FROM.
var ends = words("select values where group having order limit union intersect except")

// refused are the words that read the clock without a call, and the one that gives
// a query the name of a table.
var refused = words("current_timestamp current_date current_time with")

var tableFunctions = words("json_each json_tree")

// callable are the words before a parenthesis that read nothing but what stands in
// it, be they functions or SQL's own.
var callable = words(`
	abs avg coalesce concat concat_ws count format glob group_concat hex ifnull iif instr json json_array
	json_array_length json_extract json_group_array json_group_object json_object json_quote json_type
	json_valid length like lower ltrim max min nullif printf quote replace round rtrim sign string_agg
	substr substring sum total trim typeof unicode upper
	dense_rank first_value lag last_value lead nth_value ntile rank row_number
	all and between by case cast distinct else exists filter is not offset on or over then using when`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}
