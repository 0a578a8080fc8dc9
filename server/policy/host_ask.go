package policy

import (
	"cmp"
	"strings"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
)

func equals(c *call, s stack) {
	a, b := c.value(s.u32(0)), c.value(s.u32(1))
	s.answerBool(c.same(a, b))
}

func (c *call) same(a, b *value) bool {
	if a.kind != b.kind || a.kind == abi.KindAbsent {
		return false
	}
	if a.kind == abi.KindText {
		return c.sameText(a.text, b.text)
	}
	return c.sameJSON(c.whole(a), c.whole(b))
}

func (c *call) sameText(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	c.charge(len(a) / bytesPerFuel)
	return a == b
}

// sameJSON charges as it goes, so that values made to be slow to compare end
// the call in the middle.
func (c *call) sameJSON(a, b *fastjson.Value) bool {
	c.charge(fuelPerItem)
	if a.Type() != b.Type() {
		return false
	}
	switch a.Type() {
	case fastjson.TypeString:
		return c.sameText(textOf(a), textOf(b))
	case fastjson.TypeNumber:
		x, okX := c.float(a)
		y, okY := c.float(b)
		return okX && okY && x == y
	case fastjson.TypeArray:
		return c.sameList(a.GetArray(), b.GetArray())
	case fastjson.TypeObject:
		return c.sameObject(a.GetObject(), b.GetObject())
	}
	return true
}

func (c *call) sameList(a, b []*fastjson.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !c.sameJSON(a[i], b[i]) {
			return false
		}
	}
	return true
}

func (c *call) sameObject(a, b *fastjson.Object) bool {
	if a.Len() != b.Len() {
		return false
	}
	same := true
	a.Visit(func(key []byte, v *fastjson.Value) {
		if !same {
			return
		}
		c.charge(search(b.Len(), keyOf(key)))
		other := b.Get(keyOf(key))
		same = other != nil && c.sameJSON(v, other)
	})
	return same
}

func equalsText(c *call, s stack) {
	v, text := c.value(s.u32(0)), c.text(s.u32(1), s.u32(2))
	s.answerBool(v.kind == abi.KindText && v.text == text)
}

func equalsName(c *call, s stack) {
	v, name := c.value(s.u32(0)), c.name(s.u32(1))
	s.answerBool(v.kind == abi.KindText && v.text == name)
}

func compare(c *call, s stack) {
	a, b := c.value(s.u32(0)), c.value(s.u32(1))
	if a.kind != b.kind {
		c.misuse("a %s and a %s have no order%s", a.kind, b.kind, cmp.Or(c.lacking(a), c.lacking(b)))
	}
	order := 0
	switch a.kind {
	case abi.KindNumber:
		order = cmp.Compare(c.number(a), c.number(b))
	case abi.KindText:
		c.charge(min(len(a.text), len(b.text)) / bytesPerFuel)
		order = strings.Compare(a.text, b.text)
	default:
		c.misuse("two values of the kind %s have no order%s", a.kind, c.lacking(a))
	}
	s.answer(uint32(int32(order)))
}

func contains(c *call, s stack) {
	v, part := c.value(s.u32(0)), c.value(s.u32(1))
	switch {
	case v.void() || part.kind == abi.KindAbsent:
		s.answer(0)
	case v.kind == abi.KindList:
		s.answerBool(c.hasItem(v, part))
	case v.kind == abi.KindText && part.kind == abi.KindNull:
		s.answer(0)
	case v.kind == abi.KindText && part.kind == abi.KindText:
		s.answerBool(c.hasPart(v.text, part.text))
	default:
		c.misuse("a %s does not contain a %s", v.kind, part.kind)
	}
}

func containsText(c *call, s stack) {
	v, text := c.value(s.u32(0)), c.text(s.u32(1), s.u32(2))
	switch {
	case v.void():
		s.answer(0)
	case v.kind == abi.KindList:
		s.answerBool(c.hasItem(v, &value{kind: abi.KindText, text: text}))
	case v.kind == abi.KindText:
		s.answerBool(c.hasPart(v.text, text))
	default:
		c.misuse("a %s does not contain a text", v.kind)
	}
}

func (c *call) hasItem(list, item *value) bool {
	items, _ := list.json.Array()
	for _, each := range items {
		c.charge(fuelPerItem)
		if kinds[each.Type()] == item.kind && c.sameItem(each, item) {
			return true
		}
	}
	return false
}

func (c *call) sameItem(a *fastjson.Value, b *value) bool {
	if b.kind == abi.KindText { // which a policy may have brought
		return c.sameText(textOf(a), b.text)
	}
	return c.sameJSON(a, c.whole(b))
}

func (c *call) hasPart(text, part string) bool {
	c.charge((len(text) + len(part)) / bytesPerFuel)
	return strings.Contains(text, part)
}

func matchGlob(c *call, s stack) {
	v, pattern := c.value(s.u32(0)), c.text(s.u32(1), s.u32(2))
	if v.void() {
		s.answer(0)
		return
	}
	if v.kind != abi.KindText {
		c.misuse("a pattern is for a text, not a %s", v.kind)
	}
	matches, steps := glob(pattern, v.text, c.fuel()/fuelPerStep)
	c.charge(int(steps) * fuelPerStep)
	s.answerBool(matches)
}

func blank(c *call, s stack) {
	v := c.value(s.u32(0))
	is := false
	switch v.kind {
	case abi.KindAbsent, abi.KindNull:
		is = true
	case abi.KindText:
		c.charge(2 * len(v.text)) // white space may be of many kinds
		is = strings.TrimSpace(v.text) == ""
	case abi.KindList:
		is = len(v.json.GetArray()) == 0
	case abi.KindObject:
		f, _ := c.object(s.u32(0))
		is = f.len() == 0
	}
	s.answerBool(is)
}

func firstIn(c *call, s stack) { c.firstField(s, true) }

func firstNotIn(c *call, s stack) { c.firstField(s, false) }

// firstField answers the first name whose being in the set is as asked.
func (c *call) firstField(s stack, in bool) {
	c.value(s.u32(0)).needWhole()
	f, ok := c.object(s.u32(0))
	set := c.nameSet(s.u32(1))
	if !ok {
		s.answer(0)
		return
	}
	c.charge(f.len() * fuelPerLookup)
	name, found := f.find(func(name string) bool {
		has := false
		if len(name) <= abi.MaxNameLength { // a longer one is in no set
			_, has = set[name]
		}
		return has == in
	})
	if found == nil {
		s.answer(0)
		return
	}
	s.answer(c.push(value{kind: abi.KindText, text: name}))
}
