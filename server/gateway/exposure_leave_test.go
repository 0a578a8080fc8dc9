package gateway

import "strings"

// left asks for the field where records leave.
func left(collection, id, field string) (ways []way) {
	for _, fields := range []string{"", field, "*," + field, "id," + field + ":excerpt(3,true)", "items." + field, field + ".x," + field + ".lon", `"` + field} {
		q := query("fields", fields)
		ways = append(ways, way{ask: ask{op: list, collection: collection, query: q}}, way{ask: ask{op: view, collection: collection, id: id, query: q}})
	}
	return append(ways, way{ask: ask{op: view, collection: collection, id: id, query: query("expand", field+","+field+".x")}})
}

// expandedWith asks for a field of letters where they are expanded in others.
func expandedWith(field string) (ways []way) {
	for collection, paths := range map[string][]string{
		"replies": {"letter", "letter.owner.letters_via_owner", "letter.replies_via_letter.letter.replies_via_letter.letter", "author.letters_via_owner"},
		"users":   {"letters_via_owner", "LETTERS_via_owner", "letters_via_owner.owner.letters_via_owner.owner.letters_via_owner", "letters(owner)", "replies_via_author.letter"},
		"letters": {"owner.letters_via_owner", "replies_via_letter.letter", "letters_via_owner"},
	} {
		id := map[string]string{"replies": reply, "users": vic, "letters": shown}[collection]
		for _, path := range paths {
			ways = append(ways, way{ask: ask{op: view, collection: collection, id: id, query: query("expand", path)}},
				way{ask: ask{op: list, collection: collection, query: query("expand", path, "fields", "*,expand."+path+"."+field)}})
		}
	}
	q := query("expand", "letter.owner.letters_via_owner")
	return append(ways,
		way{ask: ask{op: update, collection: "replies", id: reply, query: q, body: map[string]any{"text": "reply"}}},
		way{ask: ask{op: create, collection: "replies", query: q, body: map[string]any{"id": created, "letter": shown}}},
		way{ask{op: create, collection: "replies", query: q, body: map[string]any{"id": created, "letter": shown}}, batched},
	)
}

// written asks for a field of letters in what writes answer.
func written(field string) (ways []way) {
	q := query("fields", "*,"+field, "expand", "owner.letters_via_owner")
	for _, via := range []func(*world, *Passage, ask) answer{nil, batched} {
		ways = append(ways, way{ask{op: update, collection: "letters", id: shown, query: q, body: map[string]any{"title": "shown"}}, via})
	}
	for _, owner := range []string{vic, other} {
		ways = append(ways, way{ask: ask{op: update, collection: "letters", id: own, query: q, body: map[string]any{"owner": owner}}})
	}
	ways = append(ways, way{ask: ask{op: create, collection: "letters", query: q, body: map[string]any{"id": created, "owner": vic}}})
	for _, key := range []string{field, field + "+", "+" + field, field + "-", field + ":autogenerate", strings.ToUpper(field)} {
		ways = append(ways, way{ask: ask{op: update, collection: "letters", id: shown, body: map[string]any{key: "a"}}})
	}
	return append(ways,
		way{ask: ask{op: update, collection: "letters", id: shown, body: map[string]any{field + "+": 1.7e308}}},
		way{ask: ask{op: remove, collection: "letters", id: shown, query: q}},
	)
}
