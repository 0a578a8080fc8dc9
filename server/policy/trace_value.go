package policy

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hapta/hapta/abi"
)

// tellers write a parameter of a host function, by the name that it has in the
// definition of the ABI.
var tellers = map[string]func(*call, uint32) string{
	"handle":     (*call).source,
	"node":       (*call).condition,
	"name":       func(c *call, id uint32) string { return entry(c.interned().names, id) },
	"set":        (*call).setOfNames,
	"root":       func(_ *call, id uint32) string { return abi.Root(id).String() },
	"comparison": comparisonText,
	"index":      func(_ *call, n uint32) string { return strconv.Itoa(int(int32(n))) },
	"bool":       func(_ *call, n uint32) string { return strconv.FormatBool(n != 0) },
}

// source tells where a value came from.
func (c *call) source(handle uint32) string {
	if handle == 0 {
		return abi.KindAbsent.String()
	}
	return entry(c.sources, handle)
}

func (c *call) condition(id uint32) string {
	if id == 0 || int64(id) > int64(len(c.nodes)) {
		return unknown(id)
	}
	return cut(c.nodes[id-1].filter.String())
}

func (c *call) setOfNames(id uint32) string {
	t := c.interned()
	if id == 0 || int64(id) > int64(len(t.sets)) {
		return unknown(id)
	}
	var names []string
	for ids := t.sets[id-1].ids; len(ids) > 0; ids = ids[4:] {
		names = append(names, entry(t.names, binary.LittleEndian.Uint32(ids)))
	}
	return cut("{" + strings.Join(names, ", ") + "}")
}

func comparisonText(_ *call, id uint32) string {
	if !abi.Comparison(id).Known() {
		return unknown(id)
	}
	return string(comparisons[id])
}

// passed is a text in the guest's memory.
func (c *call) passed(ptr, size uint32) string {
	b, ok := c.guest.Memory().Read(ptr, size)
	if !ok {
		return fmt.Sprintf("%d bytes at %d", size, ptr)
	}
	return quote(string(b))
}

// entry is what an id from 1 up speaks of.
func entry(list []string, id uint32) string {
	if id == 0 || int64(id) > int64(len(list)) {
		return unknown(id)
	}
	return list[id-1]
}

func unknown(id uint32) string { return fmt.Sprintf("unknown(%d)", id) }

// shown is a value in JSON, cut short when it is long.
func (v *value) shown(c *call) string {
	switch v.kind {
	case abi.KindAbsent, abi.KindNull:
		return v.kind.String()
	case abi.KindText:
		return quote(v.text)
	}
	if v.incoming {
		return cut(string(c.whole(v).MarshalTo(nil)))
	}
	return cut(string(v.json.MarshalTo(nil)))
}

// longest is how many characters of a text are told.
const longest = 80

func cut(text string) string {
	if utf8.RuneCountInString(text) <= longest {
		return text
	}
	return string([]rune(text)[:longest]) + "…"
}

func quote(text string) string { return strconv.Quote(cut(text)) }
