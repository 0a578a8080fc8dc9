package gateway

import (
	"bytes"
	"context"
	"slices"

	"github.com/hapta/hapta/server/rawjson"
)

// expandInto adds to records that leave what the client wants expanded in them.
// raw is what the database answered; a nil in shown is a record that stays back.
func (op *operation) expandInto(ctx context.Context, raw, shown [][]byte) error {
	if len(op.branches) == 0 {
		return nil
	}
	expansions := make([][]byte, len(shown)) // members of each record's own
	for _, b := range op.branches {
		b.op.caller = op.caller
		if err := b.expandInto(ctx, op, raw, shown, expansions); err != nil {
			return err
		}
	}
	for i := range shown {
		if shown[i] != nil {
			shown[i] = withMember(shown[i], "expand", slices.Concat([]byte{'{'}, expansions[i], []byte{'}'}))
		}
	}
	return nil
}

// expandInto follows one branch for all records of an answer at once, so that
// what several of them lead to is fetched and judged once.
func (b *branch) expandInto(ctx context.Context, parent *operation, raw, shown, expansions [][]byte) error {
	ids, children, err := b.follow(ctx, parent, raw, shown)
	if err != nil || len(children) == 0 {
		return err
	}
	leaving, err := b.leaving(ctx, children)
	if err != nil {
		return err
	}
	for i := range shown {
		var members [][]byte
		for _, id := range ids[i] {
			if child := leaving[id]; child != nil {
				members = append(members, child)
			}
		}
		expansions[i] = b.appendMember(expansions[i], members)
	}
	return nil
}

// leaving is what of the records may leave, by id.
func (b *branch) leaving(ctx context.Context, children [][]byte) (map[string][]byte, error) {
	out := make(map[string][]byte, len(children))
	raw, shown, err := b.op.judgeExpanded(ctx, children)
	if err != nil {
		return nil, err
	}
	for i := range shown {
		if shown[i] == nil || b.Back && valueIn(shown[i], b.Field) == nil {
			continue // the field that is kept back would be told by where the record stands
		}
		out[idOf(raw[i])] = shown[i]
	}
	return out, nil
}

func (b *branch) appendMember(dst []byte, records [][]byte) []byte {
	if len(records) == 0 {
		return dst
	}
	if len(dst) > 0 {
		dst = append(dst, ',')
	}
	dst = append(rawjson.AppendString(dst, b.name), ':')
	if !b.Many {
		return append(dst, records[0]...)
	}
	dst = append(dst, '[')
	dst = append(dst, bytes.Join(records, []byte{','})...)
	return append(dst, ']')
}

func idOf(record []byte) string {
	if id := textList(valueIn(record, "id")); len(id) == 1 {
		return id[0]
	}
	return ""
}

// distinct are all the ids, each once.
func distinct(lists [][]string) (all []string) {
	seen := map[string]bool{}
	for _, id := range slices.Concat(lists...) {
		if !seen[id] {
			seen[id] = true
			all = append(all, id)
		}
	}
	return all
}

// oneOrMore are the records of an expansion.
func oneOrMore(value []byte) (records [][]byte) {
	if len(value) == 0 || value[0] != '[' {
		return [][]byte{value}[:min(len(value), 1)]
	}
	_ = rawjson.Items(value, func(item []byte) error { // whoever cut it out has read it
		records = append(records, item)
		return nil
	})
	return records
}

// valueIn is a member's encoded value; nil when the object has none.
func valueIn(object []byte, name string) (value []byte) {
	_ = rawjson.Fields(object, func(key string, v []byte) error { // whoever cut it out has read it
		if key == name {
			value = v
		}
		return nil
	})
	return value
}

// withMember adds one to an object.
func withMember(object []byte, key string, value []byte) []byte {
	out := object[: len(object)-1 : len(object)-1]
	if len(out) > 1 {
		out = append(out, ',')
	}
	out = append(rawjson.AppendString(out, key), ':')
	return append(append(out, value...), '}')
}
