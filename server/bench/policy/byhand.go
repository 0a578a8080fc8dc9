package main

import (
	"bytes"

	"github.com/valyala/fastjson"
)

// byHand is the rule as one would write it into the server itself: what all others
// are compared with.
type byHand struct {
	parsers parsers
	caller  *fastjson.Value
	masks   [][]string // of a page
}

func (h *byHand) signIn(caller *fastjson.Value) { h.caller = caller }

func (h *byHand) update(stored, body []byte) (answer, error) {
	s, b, err := h.parsers.parse(stored, body)
	if err != nil {
		return answer{}, err
	}
	if !h.owns(s) {
		return answer{ownershipRequired, notYours}, nil
	}
	if field := firstKept(b.GetObject()); field != "" {
		return answer{fieldForbidden, field + isKept}, nil
	}
	return answer{}, nil
}

// owns tells whether the record is the caller's own.
func (h *byHand) owns(record *fastjson.Value) bool {
	return h.caller != nil && bytes.Equal(h.caller.GetStringBytes("id"), record.GetStringBytes("id"))
}

// firstKept is the first field that users may not write, "" when there is none.
func firstKept(o *fastjson.Object) (found string) {
	o.Visit(func(key []byte, _ *fastjson.Value) {
		switch string(key) {
		case "validVerified", "postr_plus", "followers", "postr_subscriber_since":
			if found == "" {
				found = string(key)
			}
		}
	})
	return found
}
