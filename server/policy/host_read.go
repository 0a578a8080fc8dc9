package policy

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
)

// maxExact bounds the whole numbers that an f64 holds without a gap.
const maxExact = 1 << 53

func root(c *call, s stack) {
	r := abi.Root(s.u32(0))
	if !r.Known() {
		c.misuse("there is no root %d", r)
	}
	if r == abi.RootStored {
		c.stored() // traps before the first select
	}
	if r == abi.RootSession || r == abi.RootRequest || r == abi.RootHeaders {
		c.varies()
	}
	if c.roots[r] == 0 {
		c.roots[r] = c.makeRoot(r)
	}
	s.answer(c.roots[r])
}

func (c *call) makeRoot(r abi.Root) uint32 {
	in := c.input
	switch r {
	case abi.RootCaller:
		return c.pushJSON(in.Caller)
	case abi.RootSession:
		return c.pushJSON(in.Session)
	case abi.RootRequest:
		return c.pushJSON(in.Request)
	case abi.RootQuery:
		return c.pushJSON(in.Query)
	case abi.RootHeaders:
		return c.pushJSON(in.Headers)
	case abi.RootStored:
		if record := c.stored(); record != nil && record.Value != nil {
			handle := c.pushJSON(record.Value)
			c.values[handle-1].record = record
			return handle
		}
	case abi.RootIncoming:
		if in.Operation == abi.OperationCreate || in.Operation == abi.OperationUpdate {
			return c.push(value{kind: abi.KindObject, incoming: true})
		}
	}
	return 0
}

// object are the fields behind a handle; false when nothing is there.
func (c *call) object(handle uint32) (fields, bool) {
	v := c.value(handle)
	if v.void() {
		return fields{}, false
	}
	if v.kind != abi.KindObject {
		c.misuse("a %s has no fields", v.kind)
	}
	f := fields{incoming: c.input.Incoming}
	if !v.incoming {
		f = fields{object: v.json.GetObject()}
	}
	return f, true
}

func (c *call) field(handle uint32, name string) uint32 {
	f, ok := c.object(handle)
	if !ok {
		return 0
	}
	c.charge(search(f.len(), name))
	field := f.get(name)
	if field == nil {
		c.value(handle).needField(name)
	}
	return c.pushJSON(field)
}

func get(c *call, s stack) {
	name := c.name(s.u32(1))
	handle := c.field(s.u32(0), name)
	if handle == 0 {
		c.missing = name
	}
	s.answer(handle)
}

func getText(c *call, s stack) {
	c.missing = "" // the text is the guest's, and not kept
	s.answer(c.field(s.u32(0), c.text(s.u32(1), s.u32(2))))
}

func at(c *call, s stack) {
	v, index := c.value(s.u32(0)), int(int32(s.u32(1)))
	var item *fastjson.Value
	switch {
	case v.kind == abi.KindList:
		if items, _ := v.json.Array(); index >= 0 && index < len(items) {
			item = items[index]
		}
	case !v.void():
		v.needWhole()
		_, item = c.nth(s.u32(0), index)
	}
	s.answer(c.pushJSON(item))
}

func key(c *call, s stack) {
	c.value(s.u32(0)).needWhole()
	name, item := c.nth(s.u32(0), int(int32(s.u32(1))))
	if item == nil {
		s.answer(0)
		return
	}
	s.answer(c.push(value{kind: abi.KindText, text: name}))
}

func (c *call) nth(handle uint32, index int) (name string, item *fastjson.Value) {
	f, ok := c.object(handle)
	if !ok {
		return "", nil
	}
	c.charge(f.len() * fuelPerKey)
	return f.nth(index)
}

func relation(c *call, s stack) {
	v, name := c.value(s.u32(0)), c.name(s.u32(1))
	c.charge(search(len(c.policy.manifest.Relations), name))
	if !slices.Contains(c.policy.manifest.Relations, name) {
		c.misuse("the manifest does not name the relation %q", name)
	}
	if v.kind == abi.KindAbsent {
		s.answer(0)
		return
	}
	if v.record == nil {
		c.misuse("only relations of the stored record can be followed")
	}
	v.needField(name) // what points nowhere for being withheld
	s.answer(c.pushJSON(v.record.Relations[name]))
}

func kind(c *call, s stack) { s.answer(uint32(c.value(s.u32(0)).kind)) }

func size(c *call, s stack) {
	v := c.value(s.u32(0))
	switch v.kind {
	case abi.KindAbsent, abi.KindNull:
		s.answer(0)
	case abi.KindText:
		c.charge(len(v.text) / bytesPerFuel)
		s.answer(uint32(utf8.RuneCountInString(v.text)))
	case abi.KindList:
		items, _ := v.json.Array()
		s.answer(uint32(len(items)))
	case abi.KindObject:
		v.needWhole()
		f, _ := c.object(s.u32(0))
		s.answer(uint32(f.len()))
	default:
		c.misuse("a %s has no size", v.kind)
	}
}

func boolean(c *call, s stack) {
	v := c.value(s.u32(0))
	if v.kind != abi.KindBoolean {
		c.misuse("the value is not a boolean but %s%s", v.kind, c.lacking(v))
	}
	s.answerBool(v.json.Type() == fastjson.TypeTrue)
}

func (c *call) number(v *value) float64 {
	if v.kind != abi.KindNumber {
		c.misuse("the value is not a number but %s%s", v.kind, c.lacking(v))
	}
	n, ok := c.float(v.json)
	if !ok || math.IsInf(n, 0) || math.IsNaN(n) {
		c.misuse("the number does not fit an f64")
	}
	return n
}

// float reads a JSON number, which may have any number of digits, each time anew.
func (c *call) float(v *fastjson.Value) (n float64, ok bool) {
	c.digits = v.MarshalTo(c.digits[:0])
	c.charge(fuelPerNumber + len(c.digits))
	n, err := v.Float64()
	return n, err == nil
}

func number(c *call, s stack) { s[0] = math.Float64bits(c.number(c.value(s.u32(0)))) }

func integer(c *call, s stack) {
	n := c.number(c.value(s.u32(0)))
	if n != math.Trunc(n) || math.Abs(n) >= maxExact {
		c.misuse("the number %v is not a whole one below 2^53", n)
	}
	s[0] = uint64(int64(n))
}

func read(c *call, s stack) {
	v, ptr, room := c.value(s.u32(0)), s.u32(1), s.u32(2)
	if v.void() {
		s.answer(math.MaxUint32) // -1
		return
	}
	if v.kind != abi.KindText {
		c.misuse("the value is not a text but %s", v.kind)
	}
	if buffer := c.bytes(ptr, room); len(v.text) > 0 && len(v.text) <= len(buffer) {
		c.charge(len(v.text) / bytesPerFuel)
		copy(buffer, v.text)
		c.instance.noteWritten(ptr, uint32(len(v.text)))
	}
	s.answer(uint32(len(v.text)))
}

func modifier(c *call, s stack) {
	v, name := c.value(s.u32(0)), c.name(s.u32(1))
	if v.kind != abi.KindAbsent && !v.incoming {
		c.misuse("only incoming fields have modifiers")
	}
	fields := c.input.Incoming
	c.charge(search(len(fields), name))
	s.answer(uint32(abi.ModifierNone))
	if i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name }); v.incoming && i >= 0 {
		s.answer(uint32(fields[i].Modifier))
	}
}

func now(c *call, s stack) {
	c.varies()
	s[0] = uint64(c.input.Now.UnixMilli())
}

// varies says that the call has asked for what is another for each request.
func (c *call) varies() {
	if c.input.Varies != nil {
		*c.input.Varies = true
	}
}
