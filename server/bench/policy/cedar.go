package main

import (
	"fmt"
	"slices"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	"github.com/valyala/fastjson"
)

// cedarGo asks Authorize, with the ids as principal and resource and the body as
// context.
type cedarGo struct {
	policies *cedar.PolicySet
	parsers  parsers
	caller   cedar.Entity
	record   *fastjson.Value // the stored one
	recordID cedar.EntityUID
	asking   bool
}

func newCedar(asking bool) (*cedarGo, error) {
	policies, err := cedar.NewPolicySetFromBytes("users.cedar", cedarRule)
	if err != nil {
		return nil, fmt.Errorf("parsing the policies: %w", err)
	}
	return &cedarGo{policies: policies, asking: asking}, nil
}

var cedarUpdate = cedar.NewEntityUID("Action", "update")

func (c *cedarGo) signIn(caller *fastjson.Value) {
	c.caller = cedar.Entity{UID: cedar.NewEntityUID("guest", "")}
	if caller != nil {
		c.caller = cedar.Entity{UID: cedarID(caller), Attributes: cedarRecord(caller)}
	}
}

func (c *cedarGo) update(stored, body []byte) (answer, error) {
	s, b, err := c.parsers.parse(stored, body)
	if err != nil {
		return answer{}, err
	}
	c.record, c.recordID = s, cedarID(s)
	decision, why := cedar.Authorize(c.policies, c.entities(), cedar.Request{
		Principal: c.caller.UID,
		Action:    cedarUpdate,
		Resource:  c.recordID,
		Context:   cedarRecord(b),
	})
	switch {
	case len(why.Errors) > 0:
		return answer{}, fmt.Errorf("authorizing: %v", why.Errors[0])
	case decision == cedar.Allow:
		return answer{}, nil
	}
	return c.refusal(why.Reasons), nil
}

// refusal is what the first policy that forbids says of itself. When none does,
// none has permitted it either.
func (c *cedarGo) refusal(reasons []types.DiagnosticReason) answer {
	if len(reasons) == 0 {
		return answer{ownershipRequired, notYours}
	}
	first := slices.MinFunc(reasons, func(a, b types.DiagnosticReason) int { return a.Position.Offset - b.Position.Offset })
	notes := c.policies.Get(first.PolicyID).Annotations()
	return answer{string(notes["code"]), string(notes["message"])}
}

func (c *cedarGo) entities() types.EntityGetter {
	if c.asking {
		return c
	}
	return cedar.EntityMap{
		c.caller.UID: c.caller,
		c.recordID:   {UID: c.recordID, Attributes: cedarRecord(c.record)},
	}
}

// Get makes the stored record an entity when a policy asks for more than its id.
func (c *cedarGo) Get(id cedar.EntityUID) (cedar.Entity, bool) {
	switch id {
	case c.caller.UID:
		return c.caller, true
	case c.recordID:
		return cedar.Entity{UID: id, Attributes: cedarRecord(c.record)}, true
	}
	return cedar.Entity{}, false
}
