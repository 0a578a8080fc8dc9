package policy

import (
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
)

func selectRecord(c *call, s stack) {
	index := s.u32(0)
	if int64(index) >= int64(len(c.records)) {
		c.misuse("the page has no record %d", index)
	}
	c.selected = int(index)
	c.roots[abi.RootStored] = 0
}

func verdict(c *call, s stack) {
	o := c.outcome()
	if o.verdict != 0 {
		c.misuse("there is a verdict already: %s", o.verdict)
	}
	kind, code, status := abi.Verdict(s.u32(0)), s.u32(1), int(int32(s.u32(2)))
	if !kind.Known() {
		c.misuse("there is no verdict %d", kind)
	}
	if int64(code) > int64(len(c.interned().codes)) {
		c.misuse("%d is not the id of a code", code)
	}
	if kind == abi.VerdictRefuse && code == 0 {
		c.misuse("a refusal needs a code")
	}
	if status != 0 && (kind == abi.VerdictAllow || status < abi.StatusLeast || status > abi.StatusMost) {
		c.misuse("%d is not a status of the verdict %s", status, kind)
	}
	if s.u32(4) > abi.MaxMessage {
		c.misuse("the message has %d bytes; at most %d are allowed", s.u32(4), abi.MaxMessage)
	}
	message := strings.Clone(c.text(s.u32(3), s.u32(4)))
	o.verdict, o.code, o.status, o.message = kind, code, statusOf(kind, status), message
}

func statusOf(kind abi.Verdict, status int) int {
	switch {
	case kind == abi.VerdictAllow || status != 0:
		return status
	case kind == abi.VerdictHide:
		return http.StatusNotFound
	}
	return http.StatusForbidden
}

// effect notes what is to happen to a field, in place of what was to before.
func (c *call) effect(id uint32, value json.RawMessage) {
	name := c.name(id)
	if c.input.Operation == abi.OperationDelete {
		c.misuse("a delete writes no field")
	}
	c.charge(fuelPerEffect + search(len(c.policy.manifest.Writes)+len(c.effects), name) + len(value))
	if !slices.Contains(c.policy.manifest.Writes, name) {
		c.misuse("the manifest does not name %q among what the policy writes", name)
	}
	e := Effect{Name: name, Unset: value == nil, Value: value}
	if i := slices.IndexFunc(c.effects, func(e Effect) bool { return e.Name == name }); i >= 0 {
		c.effects[i] = e
		return
	}
	if len(c.effects) == abi.MaxEffects {
		c.misuse("the call has more than %d effects", abi.MaxEffects)
	}
	c.effects = append(c.effects, e)
}

func setNull(c *call, s stack) { c.effect(s.u32(0), json.RawMessage("null")) }

func setBool(c *call, s stack) {
	if s.u32(1) > 1 {
		c.misuse("%d is not a boolean", s.u32(1))
	}
	c.effect(s.u32(0), json.RawMessage([]string{"false", "true"}[s.u32(1)]))
}

func setNumber(c *call, s stack) {
	n := s.f64(1)
	if math.IsInf(n, 0) || math.IsNaN(n) {
		c.misuse("%v cannot be written", n)
	}
	c.effect(s.u32(0), marshal(n))
}

func setText(c *call, s stack) { c.effect(s.u32(0), marshal(c.text(s.u32(1), s.u32(2)))) }

func setValue(c *call, s stack) {
	v := c.value(s.u32(1))
	switch v.kind {
	case abi.KindAbsent:
		c.misuse("an absent value cannot be written%s", c.lacking(v))
	case abi.KindText:
		c.charge(len(v.text) / bytesPerFuel)
		c.effect(s.u32(0), marshal(v.text))
	default:
		c.effect(s.u32(0), c.whole(v).MarshalTo(nil))
	}
}

// marshal cannot fail: it is given texts and finite numbers.
func marshal(v any) json.RawMessage {
	text, _ := json.Marshal(v)
	return text
}

func unset(c *call, s stack) { c.effect(s.u32(0), nil) }

func mask(c *call, s stack) {
	o, name := c.outcome(), c.name(s.u32(0))
	c.charge(search(len(c.policy.manifest.Masks)+len(o.masks), name))
	if !slices.Contains(c.policy.manifest.Masks, name) {
		c.misuse("the manifest does not name %q among what the policy masks", name)
	}
	if !slices.Contains(o.masks, name) {
		o.masks = append(o.masks, name)
	}
}
