package policy

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/hapta/hapta/abi"
)

// interned are the names, sets and codes of a policy, by id from 1. They are
// filled while its first instance is made and sealed then: further instances
// run the same init and must ask for the same.
type interned struct {
	sealed bool
	names  []string
	nameID map[string]uint32
	sets   []nameSetEntry
	codes  []string
}

// nameSetEntry keeps the ids that a set was made of beside what is looked up.
type nameSetEntry struct {
	ids []byte
	has map[string]struct{}
}

func (c *call) interned() *interned { return c.policy.interned }

func (c *call) refuseSealed(t *interned) {
	if t.sealed {
		c.misuse("init asks for something else than it did before")
	}
}

// name resolves the id of a name.
func (c *call) name(id uint32) string {
	t := c.interned()
	if id == 0 || int64(id) > int64(len(t.names)) {
		c.misuse("%d is not the id of a name", id)
	}
	return t.names[id-1]
}

// nameSet resolves the id of a set.
func (c *call) nameSet(id uint32) map[string]struct{} {
	t := c.interned()
	if id == 0 || int64(id) > int64(len(t.sets)) {
		c.misuse("%d is not the id of a set of names", id)
	}
	return t.sets[id-1].has
}

func name(c *call, s stack) {
	text := c.text(s.u32(0), s.u32(1))
	if text == "" || len(text) > abi.MaxNameLength {
		c.misuse("a name has 1 to %d bytes, not %d", abi.MaxNameLength, len(text))
	}
	t := c.interned()
	id, known := t.nameID[text]
	if !known {
		c.refuseSealed(t)
		if len(t.names) == abi.MaxNames {
			c.misuse("there are more than %d names", abi.MaxNames)
		}
		text = strings.Clone(text)
		t.names = append(t.names, text)
		id = uint32(len(t.names))
		t.nameID[text] = id
	}
	s.answer(id)
}

func nameSet(c *call, s stack) {
	count := s.u32(1)
	if count > abi.MaxNames {
		c.misuse("a set has at most %d names, not %d", abi.MaxNames, count)
	}
	c.charge(int(count) * fuelPerSetName)
	ids := c.bytes(s.u32(0), 4*count)
	t := c.interned()
	i := slices.IndexFunc(t.sets, func(e nameSetEntry) bool { return string(e.ids) == string(ids) })
	if i < 0 {
		c.refuseSealed(t)
		if len(t.sets) == abi.MaxNameSets {
			c.misuse("there are more than %d sets of names", abi.MaxNameSets)
		}
		has := make(map[string]struct{}, count)
		for at := 0; at < len(ids); at += 4 {
			has[c.name(binary.LittleEndian.Uint32(ids[at:]))] = struct{}{}
		}
		t.sets = append(t.sets, nameSetEntry{slices.Clone(ids), has})
		i = len(t.sets) - 1
	}
	s.answer(uint32(i + 1))
}

func code(c *call, s stack) {
	text := c.text(s.u32(0), s.u32(1))
	c.charge(search(len(c.policy.manifest.Codes), text))
	t := c.interned()
	i := slices.Index(t.codes, text)
	if i < 0 {
		c.refuseSealed(t)
		if !slices.Contains(c.policy.manifest.Codes, text) {
			c.misuse("the manifest does not name the code %q", text)
		}
		t.codes = append(t.codes, strings.Clone(text))
		i = len(t.codes) - 1
	}
	s.answer(uint32(i + 1))
}
