package main

import (
	"unsafe"

	"github.com/valyala/fastjson"
)

// engine judges updates of users. Each is used as by a server that does not know
// its rules: what stays is prepared once, and each request brings two texts,
// which the same parser reads for all of them.
type engine interface {
	// signIn tells whose requests follow, nil for a guest. It is not measured,
	// for a server keeps that with the session.
	signIn(caller *fastjson.Value)
	// update judges whether the fields of body may be written to the record.
	update(stored, body []byte) (answer, error)
}

// answer is what was decided. The zero value allows.
type answer struct{ code, message string }

const (
	ownershipRequired = "ownership_required"
	fieldForbidden    = "field_forbidden"

	notYours = "only the user themselves may change this"
	isKept   = " may not be changed" // after the name of the field
)

// parsers read the two texts of a request. What they give is good until the next.
type parsers struct{ stored, body fastjson.Parser }

func (p *parsers) parse(stored, body []byte) (s, b *fastjson.Value, err error) {
	if s, err = p.stored.ParseBytes(stored); err == nil {
		b, err = p.body.ParseBytes(body)
	}
	return s, b, err
}

// textOf is the text without a copy, good for as long as what was parsed.
func textOf(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
