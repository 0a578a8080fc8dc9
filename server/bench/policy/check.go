package main

import (
	"fmt"
	"slices"

	"github.com/valyala/fastjson"
)

// check makes sure that an engine judges as the rule says: one that does not would
// be measured at something else.
func check(e engine) error {
	if err := checkUpdates(e); err != nil {
		return err
	}
	if p, ok := e.(pager); ok {
		return checkPage(p)
	}
	return nil
}

func checkUpdates(e engine) error {
	for _, c := range cases {
		e.signIn(callerOf(c.caller))
		got, err := e.update(stored, []byte(c.body))
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if got != c.want {
			return fmt.Errorf("%s: decided %+v, not %+v", c.name, got, c.want)
		}
	}
	return nil
}

// checkPage compares with what comes out by hand, which the test looks at itself.
func checkPage(e pager) error {
	for _, caller := range []string{ann, bob, ""} {
		got, err := maskedFor(e, caller)
		if err != nil {
			return fmt.Errorf("a page: %w", err)
		}
		want, _ := maskedFor(&byHand{}, caller) // which does not fail
		for i := range want {
			if !slices.Equal(got[i], want[i]) {
				return fmt.Errorf("a page for %q: masked %q of record %d, not %q", caller, got[i], i, want[i])
			}
		}
	}
	return nil
}

func maskedFor(p pager, caller string) ([][]string, error) {
	p.signIn(callerOf(caller))
	if err := p.page(newPage()); err != nil {
		return nil, err
	}
	masked := make([][]string, pageSize)
	for i := range masked {
		masked[i] = p.masked(i)
	}
	return masked, nil
}

// callerOf is the signed-in record, nil for a guest.
func callerOf(text string) *fastjson.Value {
	if text == "" {
		return nil
	}
	return fastjson.MustParse(text)
}
