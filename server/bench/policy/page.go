package main

import (
	"context"
	"fmt"

	"github.com/valyala/fastjson"

	"github.com/hapta/hapta/abi"
	"github.com/hapta/hapta/server/policy"
)

// pager judges the records of a page, which are decoded already, and tells what is
// to be masked. Encoding the page without that is not measured.
type pager interface {
	signIn(caller *fastjson.Value)
	page(records []policy.Record) error
	// masked are the fields that are left out of a record of the last page.
	masked(i int) []string
}

// pageSize is how many records a page has. Every other one is private, and one of
// those is the caller's.
const pageSize = 100

func newPage() []policy.Record {
	records := make([]policy.Record, pageSize)
	for i := range records {
		records[i].Value = fastjson.MustParseBytes(stored)
		records[i].Value.Set("id", fastjson.MustParse(fmt.Sprintf(`"u%014d"`, i+1)))
		if i%2 == 0 {
			records[i].Value.Set("private", fastjson.MustParse("true"))
		}
	}
	return records
}

var ofPrivate = []string{"followers", "bio"}

func (h *byHand) page(records []policy.Record) error {
	h.masks = h.masks[:0]
	for _, r := range records {
		var masks []string
		if r.Value.GetBool("private") && !h.owns(r.Value) {
			masks = ofPrivate
		}
		h.masks = append(h.masks, masks)
	}
	return nil
}

func (h *byHand) masked(i int) []string { return h.masks[i] }

func (h *hapta) page(records []policy.Record) (err error) {
	in := &h.input
	in.Operation, in.Reason, in.Stored, in.Incoming = abi.OperationView, abi.ReasonListed, nil, nil
	h.decisions, err = h.policy.Page(context.Background(), in, records)
	return err
}

func (h *hapta) masked(i int) []string { return h.decisions[i].Masks }
