package gateway

import (
	"fmt"
	"slices"
	"testing"
)

// A field that leads to a record is as withheld as the record's name for it.
func TestMaskedRelationsAreNotTold(t *testing.T) {
	s := secret{
		name: "replies.about", one: shown, two: own, guests: true, isReadable: stateOf("replies", about),
		plant: func(w *world, value string) { w.set("replies", about, "about", value) },
		ways:  slices.Concat(named(true, "replies", "about", ".id", `"`+shown+`"`), asked("replies", about, "about", `"`+shown+`"`), left("replies", about, "about")),
	}
	add := func(qs ...ask) {
		for _, q := range qs {
			s.ways = append(s.ways, way{ask: q})
		}
	}
	for _, name := range []string{"replies_via_about", "REPLIES_via_about", "replies(about)"} {
		for _, rest := range []string{"", ".about"} {
			add(
				ask{op: view, collection: "letters", id: shown, query: query("expand", name+rest)},
				ask{op: view, collection: "letters", id: own, query: query("expand", name+rest)},
				ask{op: list, collection: "letters", query: query("expand", name+rest, "fields", "id,expand."+name+".id")},
				ask{op: list, collection: "users", query: query("expand", "letters_via_owner."+name+rest)},
				ask{op: list, collection: "letters", query: query("filter", name+rest+".id != ''")},
				ask{op: list, collection: "letters", query: query("sort", "-"+name+rest+".id")},
			)
		}
		for _, f := range []string{".text = 'about'", ".id ?= '" + about + "'", ".text:length ?> 0", ".about ?= id"} {
			add(
				ask{op: list, collection: "letters", query: query("filter", name+f)},
				ask{op: list, collection: "users", query: query("filter", "letters_via_owner."+name+f)},
			)
		}
	}
	masking := slices.DeleteFunc(slices.Clone(settings), func(s setting) bool { return s.policies["replies"] == "" })
	tryAll(t, masking, []secret{s})
}

// followed goes along a relation that is withheld.
func followed(field string) (ways []way) {
	for _, q := range []ask{
		{op: list, collection: "users", query: query("filter", fmt.Sprintf("letters_via_%s.title ?= 'shown'", field))},
		{op: list, collection: "users", query: query("filter", fmt.Sprintf("letters_via_%s.id != ''", field))},
		{op: list, collection: "users", query: query("sort", fmt.Sprintf("letters_via_%s.title", field))},
		{op: list, collection: "users", query: query("expand", "letters_via_"+field)},
		{op: list, collection: "users", query: query("expand", "letters("+field+")")},
		{op: view, collection: "users", id: vic, query: query("expand", "letters_via_"+field+".owner")},
		{op: view, collection: "users", id: other, query: query("expand", "letters_via_"+field+",letters_via_owner."+field)},
		{op: view, collection: "letters", id: shown, query: query("expand", field+".letters_via_owner")},
		{op: list, collection: "letters", query: query("expand", "owner,"+field, "fields", "*,expand."+field+".name")},
		{op: list, collection: "letters", query: query("filter", field+".name = 'Vic'")},
		{op: list, collection: "letters", query: query("filter", field+".id = '"+vic+"'")},
		{op: list, collection: "replies", query: query("expand", "letter."+field)},
		{op: list, collection: "replies", query: query("filter", "letter."+field+".name = 'Vic'")},
		{op: update, collection: "letters", id: shown, query: query("expand", field), body: map[string]any{"title": "shown"}},
	} {
		ways = append(ways, way{ask: q})
	}
	return ways
}
