package gateway

import (
	"slices"
	"strings"
	"testing"
)

// kinds of fields, with two values as they are stored and the first as a filter
// names it. path is what stands behind the field to reach that value.
var kinds = []struct{ name, one, two, path, literal string }{
	{"text", "hush", "loud", "", `"hush"`},
	{"number", "42", "7", "", `42`},
	{"bool", "1", "0", "", `true`},
	{"date", "2021-05-06 07:08:09.000Z", "1999-01-02 03:04:05.000Z", "", `"2021-05-06 07:08:09.000Z"`},
	{"json", `{"x":["hush"],"n":3}`, `{"x":["loud"],"n":9}`, ".x.0", `"hush"`},
	{"spot", `{"lon":10,"lat":20}`, `{"lon":-30,"lat":40}`, ".lon", `10`},
	{"tags", `["a","b"]`, `["c"]`, ":each", `"a"`},
	{"to", vic, other, "", `"` + vic + `"`},
	{"cc", `["` + vic + `"]`, `["` + other + `","` + vic + `"]`, ":length", `1`},
	{"file", "kept.txt", "deep.txt", "", `"kept.txt"`},
	{"mail", "hush@example.com", "loud@example.com", "", `"hush@example.com"`},
}

// What a field holds that PocketBase hides, or that the policy masks, is asked for
// by all that a query can do, and no answer depends on it.
func TestWithheldFieldsAreNotTold(t *testing.T) {
	var direct, across []secret
	for _, prefix := range []string{"h_", "m_"} {
		for _, k := range kinds {
			field := prefix + k.name
			s := secret{
				name: field, one: k.one, two: k.two, guests: k.name == "text", isReadable: stateOf("letters", shown),
				plant: func(w *world, value string) { w.set("letters", shown, field, value) },
			}
			s.ways = named(k.name == "text", "letters", field, k.path, k.literal)
			if k.name == "text" {
				s.ways = slices.Concat(s.ways, asked("letters", shown, field, k.literal), left("letters", shown, field), written(field))
			}
			direct = append(direct, s)
			switch k.name {
			case "to", "cc":
				s.ways = append(crossed(false, field+k.path, k.literal), followed(field)...)
			case "text":
				s.ways = append(crossed(true, field+k.path, k.literal), expandedWith(field)...)
			case "json", "tags":
				s.ways = crossed(false, field+k.path, k.literal)
			default:
				continue
			}
			across = append(across, s)
		}
	}
	t.Run("directly", func(t *testing.T) { tryAll(t, settings[:2], direct) })
	t.Run("from elsewhere", func(t *testing.T) { tryAll(t, settings, across) })
}

var operators = []string{"=", "!=", ">", ">=", "<", "<=", "~", "!~", "?=", "?!=", "?>", "?>=", "?<", "?<=", "?~", "?!~"}

// named has queries of a collection name a path of fields: thoroughly, or by
// what the type of the field may make a difference to.
func named(thoroughly bool, collection, field, path, literal string) (ways []way) {
	whole := field + path
	filters := []string{
		whole + " = " + literal, whole + " ?> " + literal, "id = '' || " + literal + " != " + whole,
		field + " = null", field + ":each ?= " + literal, field + ":length > 1",
		`strftime("%Y", ` + whole + `) ?= "2021"`, "geoDistance(" + field + ".lon, " + field + ".lat, 10, 20) < 1",
	}
	sorts := []string{"-" + whole, "title,+" + field + ":lower"}
	if thoroughly {
		more, moreSorts := thorough(field, literal)
		filters, sorts = append(filters, more...), append(sorts, moreSorts...)
	}
	for _, f := range filters {
		ways = append(ways, way{ask: ask{op: list, collection: collection, query: query("filter", f)}})
	}
	for _, s := range sorts {
		ways = append(ways, way{ask: ask{op: list, collection: collection, query: query("sort", s)}})
	}
	return ways
}

// thorough are the queries that are not answered, or mean nothing else, for a
// field of whatever type.
func thorough(field, literal string) (filters, sorts []string) {
	for _, operator := range operators {
		filters = append(filters, field+" "+operator+" "+literal)
	}
	for _, modifier := range []string{":lower", ":isset", ":changed", ":unknown", "::lower", ".x.0", ".lon", ".id", ".name", ".email:lower"} {
		filters = append(filters, field+modifier+" ?= "+literal)
		sorts = append(sorts, "-"+field+modifier)
	}
	last := field[strings.LastIndexByte(field, '.')+1:]
	return append(filters,
			"id ?~ "+field, field+" ~ "+field+" || id = "+field, field+" = ''", field+" = TRUE", field+" > @now", field+" = 42",
			"id != '' && (id = 'x' || ("+field+" = "+literal+"))", field+" = "+literal+" // a remark", field+"="+literal+"||id=''",
			`"2021" = strftime("%Y", `+field+`, "+1 day")`, `strftime("%Y", strftime("%Y", `+field+`)) != ""`, "geoDistance(1, 2, 3, "+field+") != null",
			strings.ToUpper(field)+" = "+literal, "@request.query."+last+" = "+field, "@request.body."+last+":changed = true",
			"@collection.letters."+last+" ?= "+literal, "@collection.users:x."+last+" != ''", "@request.auth."+last+" != ''", "@request.auth.letters_via_owner."+last+" != ''",
		), append(sorts,
			field, "+"+field, "- "+field, "--"+field, "@rowid, "+field, "@request.auth."+last, "@collection.letters."+last,
		)
}

// asked names a field in parameters that come twice, in other case, or where they
// mean nothing.
func asked(collection, id, field, literal string) (ways []way) {
	f := field + " = " + literal
	for _, q := range []string{
		query("filter", "id != ''", "filter", f), query("filter", f, "filter", "id != ''"), query("sort", "id", "sort", field), query("sort", field, "sort", "id"),
		query("sort", field, "filter", f, "skipTotal", "1"), query("filter", f, "perPage", "1", "page", "2", "fields", "id"), query("Filter", f, "SORT", field),
		query("filter[]", f, "sort[]", field), query("fields", "id", "fields", field), query("expand", field+","+field+".x"),
	} {
		ways = append(ways, way{ask: ask{op: list, collection: collection, query: q}}, way{ask: ask{op: view, collection: collection, id: id, query: q}})
	}
	return ways
}

// crossed names a path of letters in queries of collections around them.
func crossed(thoroughly bool, path, literal string) (ways []way) {
	for i, from := range []struct{ collection, prefix string }{
		{"replies", "letter."}, {"users", "letters_via_owner."}, {"letters", "owner.letters_via_owner."},
		{"replies", "about."}, {"replies", "author.letters_via_owner."}, {"replies", "letter.replies_via_letter.letter."},
		{"users", "LETTERS_via_owner."}, {"users", "replies_via_author.letter."}, {"letters", "replies_via_letter.letter."}, {"letters", "letters_via_owner."},
	} {
		if i > 2 && !thoroughly {
			break
		}
		for _, f := range []string{" != ", " ?= "} {
			ways = append(ways, way{ask: ask{op: list, collection: from.collection, query: query("filter", from.prefix+path+f+literal)}})
		}
		ways = append(ways, way{ask: ask{op: list, collection: from.collection, query: query("sort", "-"+from.prefix+path)}})
	}
	return ways
}
