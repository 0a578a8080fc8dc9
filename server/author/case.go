package author

import (
	"time"

	"github.com/hapta/hapta/abi"
)

// Case is one question to a policy, and the decisions that are expected of it.
type Case struct {
	name      string
	line      int
	operation abi.Operation
	reason    abi.Reason
	now       time.Time

	// JSON; nil is absent.
	caller, session, request, query, headers, stored []byte

	page      [][]byte // of stored records; nil: none
	incoming  []field
	relations []field

	want []Outcome // one, or one for each record of the page
}

type field struct {
	name     string
	modifier abi.Modifier
	value    []byte
}

// noon is the time at which cases ask that do not say.
var noon = time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)

func (c *Cases) parse(value []byte) (*Case, error) {
	s := c.source
	one := &Case{line: s.line(value), reason: abi.ReasonAsked, now: noon}
	var expect []byte
	has := map[string]bool{}
	noting := func(member string, take func([]byte) error) func([]byte) error {
		return func(value []byte) error { has[member] = true; return take(value) }
	}
	err := s.object(value, "a case", members{
		"name":      s.into(&one.name, "a text"),
		"operation": named(s, &one.operation, "operation"),
		"reason":    noting("reason", named(s, &one.reason, "reason")),
		"now":       c.date(&one.now),
		"caller":    c.caller(&one.caller),
		"session":   c.plain(&one.session, `"session"`),
		"request":   c.plain(&one.request, `"request"`),
		"query":     c.texts(&one.query, nil),
		"headers":   c.texts(&one.headers, abi.Headers),
		"stored":    noting("stored", c.record(&one.stored)),
		"page":      noting("page", c.pageOf(one)),
		"incoming":  noting("incoming", c.incoming(one)),
		"relations": c.relations(one),
		"expect":    func(value []byte) error { expect = value; return nil },
	})
	if err == nil {
		err = c.fits(one, has, value)
	}
	if err == nil && expect != nil {
		one.want, err = c.expected(one, expect)
	}
	return one, err
}

// fits holds the case to what its operation has, as abi/SPEC.md says.
func (c *Cases) fits(one *Case, has map[string]bool, value []byte) error {
	o := one.operation
	if o == 0 {
		return c.source.mistake(value, `the case has no "operation"`)
	}
	needs := map[string]bool{
		"stored":   o == abi.OperationUpdate || o == abi.OperationDelete || o == abi.OperationView && !has["page"],
		"incoming": o == abi.OperationCreate || o == abi.OperationUpdate,
		"page":     o == abi.OperationView && has["page"],
	}
	for _, member := range []string{"stored", "incoming", "page"} {
		if needs[member] && !has[member] {
			return c.source.mistake(value, "the operation %s needs %q", o, member)
		}
		if has[member] && !needs[member] {
			return c.source.mistake(value, "the operation %s has no %q here", o, member)
		}
	}
	if one.reason != abi.ReasonAsked && o != abi.OperationView {
		return c.source.mistake(value, "the operation %s has no other reason than asked", o)
	}
	if has["page"] && !has["reason"] {
		one.reason = abi.ReasonListed
	}
	return nil
}
