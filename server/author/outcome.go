package author

import (
	"encoding/json"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/filter"
	"github.com/hapta/hapta/server/policy"
)

// Outcome is a decision, as it stands under "expect" and as eval prints it.
type Outcome struct {
	Verdict string                     `json:"verdict"`
	Code    string                     `json:"code,omitempty"`
	Status  int                        `json:"status,omitempty"`
	Message string                     `json:"message,omitempty"`
	Effects map[string]json.RawMessage `json:"effects,omitempty"` // fields that are written
	Unset   []string                   `json:"unset,omitempty"`   // fields that are not
	Masks   []string                   `json:"masks,omitempty"`
	Filter  string                     `json:"filter,omitempty"`
	Fault   string                     `json:"fault,omitempty"` // why there was no verdict
}

func outcome(d policy.Decision, narrowed *filter.Node) Outcome {
	o := Outcome{
		Verdict: d.Verdict.String(), Code: d.Code, Status: d.Status, Message: d.Message,
		Effects: map[string]json.RawMessage{}, Masks: d.Masks, Filter: narrowed.String(), Fault: detail(d.Err),
	}
	for _, e := range d.Effects {
		if e.Unset {
			o.Unset = append(o.Unset, e.Name)
		} else {
			o.Effects[e.Name] = e.Value
		}
	}
	return o
}

// expected reads what a case expects: an outcome, or one for each record of its
// page. Its status and its message may be left out.
func (c *Cases) expected(one *Case, value []byte) ([]Outcome, error) {
	if one.page == nil {
		o, err := c.outcome(value)
		return []Outcome{o}, err
	}
	list := []Outcome{}
	err := c.source.items(value, `the "expect" of a page`, func(value []byte) error {
		o, err := c.outcome(value)
		list = append(list, o)
		return err
	})
	if err == nil && len(list) != len(one.page) {
		err = c.source.mistake(value, "the page has %d records, and %d outcomes are expected", len(one.page), len(list))
	}
	return list, err
}

func (c *Cases) outcome(value []byte) (o Outcome, err error) {
	s := c.source
	var verdict abi.Verdict
	err = s.object(value, `"expect"`, members{
		"verdict": named(s, &verdict, "verdict"),
		"code":    s.into(&o.Code, "a text"),
		"status":  s.into(&o.Status, "a whole number"),
		"message": s.into(&o.Message, "a text"),
		"effects": s.into(&o.Effects, "an object"),
		"unset":   s.into(&o.Unset, "a list of texts"),
		"masks":   s.into(&o.Masks, "a list of texts"),
		"filter":  s.into(&o.Filter, "a text"),
	})
	if err == nil && verdict == 0 {
		err = s.mistake(value, `"expect" has no "verdict"`)
	}
	o.Verdict = verdict.String()
	return o, err
}
